package jmergekit.torchfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import jmergekit.torchfile.Pickled.Flag;
import jmergekit.torchfile.Pickled.Text;
import jmergekit.torchfile.Pickled.Unused;
import jmergekit.torchfile.Pickled.Whole;

/// Reads the literal values in a pickle: numbers, strings, bytes.
final class Literals {
    /// The number at the beginning of a stream of pickles.
    static final Unused STREAM_MAGIC = new Unused("the number of a stream");

    static final Unused SET = new Unused("a set");

    private static final Unused NONE = new Unused("None");
    private static final Unused FRACTION = new Unused("a number with a fraction");
    private static final Unused LARGE_NUMBER = new Unused("a large number");
    private static final Unused BYTES = new Unused("bytes");
    private static final Unused LONG_TEXT = new Unused("a long string");

    private static final byte[] STREAM_MAGIC_BYTES =
            HexFormat.of().parseHex("6cfc9c46f9206aa85019");

    /// Longer strings are skipped: they are neither names nor keys.
    static final int LONGEST_TEXT = 1 << 16;

    private static final int VALUE_BYTES = 32;
    private static final int TEXT_BYTES = 80;

    private final FileInput input;
    private final PickleStack stack;

    Literals(FileInput input, PickleStack stack) {
        this.input = input;
        this.stack = stack;
    }

    /// The value of a literal's opcode, read to its end.
    Pickled read(Opcode opcode) throws IOException {
        return switch (opcode) {
            case NONE -> NONE;
            case NEWTRUE -> Flag.TRUE;
            case NEWFALSE -> Flag.FALSE;
            case BININT -> number(input.i32());
            case BININT1 -> number(input.u8());
            case BININT2 -> number(input.u16());
            case LONG1 -> number(input.bytes(input.u8()));
            case LONG4 -> pass(input.u32(), LARGE_NUMBER);
            case BINFLOAT -> pass(Double.BYTES, FRACTION);
            case SHORT_BINSTRING, SHORT_BINUNICODE -> text(input.u8());
            case BINSTRING, BINUNICODE -> text(input.u32());
            case BINUNICODE8 -> text(input.i64());
            case SHORT_BINBYTES -> pass(input.u8(), BYTES);
            case BINBYTES -> pass(input.u32(), BYTES);
            case BINBYTES8, BYTEARRAY8 -> pass(input.i64(), BYTES);
            default -> throw new IllegalArgumentException(opcode.toString());
        };
    }

    private Pickled number(long value) {
        stack.spend(VALUE_BYTES);
        return new Whole(value);
    }

    /// In two's complement, little-endian.
    private Pickled number(byte[] bytes) {
        if (bytes.length > Long.BYTES) {
            return Arrays.equals(bytes, STREAM_MAGIC_BYTES) ? STREAM_MAGIC : LARGE_NUMBER;
        }
        long value = bytes.length > 0 && bytes[bytes.length - 1] < 0 ? -1 : 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
        }
        return number(value);
    }

    private Pickled text(long length) throws IOException {
        if (length < 0 || length > LONGEST_TEXT) {
            return pass(length, LONG_TEXT);
        }
        stack.spend(TEXT_BYTES + length);
        // Python 2 also wrote bytes as strings.
        return decode(input.bytes((int) length)).<Pickled>map(Text::new).orElse(BYTES);
    }

    private Pickled pass(long length, Unused value) {
        input.skip(length);
        return value;
    }

    /// One of the lines after an opcode for a name: `torch._utils` and `_rebuild_tensor_v2`.
    String line(int longest) throws IOException {
        byte[] line = new byte[longest];
        for (int i = 0; i < longest; i++) {
            line[i] = (byte) input.u8();
            if (line[i] == '\n') {
                return decode(Arrays.copyOf(line, i))
                        .orElseThrow(() -> input.damaged("a name is not valid UTF-8"));
            }
        }
        throw input.damaged("a name is longer than %d bytes".formatted(longest));
    }

    private static Optional<String> decode(byte[] utf8) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(utf8);
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
