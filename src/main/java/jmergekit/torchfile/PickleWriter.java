package jmergekit.torchfile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Writes a pickle of protocol 2, opcode by opcode. Repeated texts and names are written once.
final class PickleWriter {
    private static final int PROTOCOL = 2;
    private static final int MOST_SHARED = 256;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> memo = new HashMap<>();

    PickleWriter() {
        op(Opcode.PROTO);
        out.write(PROTOCOL);
    }

    PickleWriter op(Opcode opcode) {
        out.write(opcode.code());
        return this;
    }

    PickleWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        op(Opcode.BINUNICODE);
        littleEndian(bytes.length, Integer.BYTES);
        out.writeBytes(bytes);
        return this;
    }

    /// Writes one of a few texts that are often repeated.
    PickleWriter sharedText(String text) {
        return isWritten(text) ? this : remember(text, text(text));
    }

    /// A class or function, as in `torch._utils._rebuild_tensor_v2`. There are only a few of them.
    PickleWriter global(String name) {
        if (isWritten(name)) {
            return this;
        }
        int dot = name.lastIndexOf('.');
        op(Opcode.GLOBAL);
        out.writeBytes(
                (name.substring(0, dot) + "\n" + name.substring(dot + 1) + "\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return remember(name, this);
    }

    private boolean isWritten(String value) {
        Integer index = memo.get(value);
        if (index == null) {
            return false;
        }
        op(Opcode.BINGET);
        out.write(index);
        return true;
    }

    private PickleWriter remember(String value, PickleWriter written) {
        int index = memo.size();
        if (index == MOST_SHARED) {
            throw new IllegalStateException("too many names: " + value);
        }
        memo.put(value, index);
        op(Opcode.BINPUT);
        out.write(index);
        return written;
    }

    /// @param value not negative
    PickleWriter whole(long value) {
        if (value < 1 << 8) {
            op(Opcode.BININT1);
            littleEndian(value, 1);
        } else if (value < 1 << 16) {
            op(Opcode.BININT2);
            littleEndian(value, 2);
        } else if (value <= Integer.MAX_VALUE) {
            op(Opcode.BININT);
            littleEndian(value, Integer.BYTES);
        } else {
            // The highest bit is the sign.
            int bytes = (Long.SIZE - Long.numberOfLeadingZeros(value)) / Byte.SIZE + 1;
            op(Opcode.LONG1);
            out.write(bytes);
            littleEndian(value, bytes);
        }
        return this;
    }

    private void littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >>> (Byte.SIZE * i)));
        }
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
