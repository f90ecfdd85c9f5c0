package jmergekit.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.RawFile;
import jmergekit.safetensors.SafetensorsHeader;

/// Safetensors files of a few tensors, damaged anywhere, or in the header alone, whose length then
/// fits.
public final class SafetensorsReader implements Reader {
    private static final int DATA_BYTES = 16;

    /// A header of three tensors that fill [#DATA_BYTES].
    public static final String HEADER =
            "{\"__metadata__\":{\"format\":\"pt\"},\"a.weight\":"
                    + RawFile.entry("BF16", "[2,3]", 0, 12)
                    + ",\"b\\u00e9\":"
                    + RawFile.entry("F32", "[]", 12, 16)
                    + ",\"c\":"
                    + RawFile.entry("I64", "[0,5]", 16, 16)
                    + "}";

    /// What JSON and safetensors are made of, and numbers at the borders of their types.
    public static final List<byte[]> TOKENS =
            Mutation.tokens(
                    ("-1 1e999 9223372036854775807 9223372036854775808 18446744073709551616 2147483648"
                                    + " null true 0.5 { } [ ] , : F8 F8_E4M3 ../ \" \\ \\ud800 \\u0000"
                                    + " \0 \"a.weight\" \"dtype\" \"shape\" \"data_offsets\" [[[[[[[[[["
                                    + " [[[[[[[[[[[[[[[[[[[[ {\"a\": \u00ff\u00fe \u00e2\u0082")
                            .split(" "));

    private final Random random;
    private final Mutation mutation;

    public SafetensorsReader(Random random) {
        this.random = random;
        this.mutation = new Mutation(random, TOKENS);
    }

    @Override
    public void write(Path file) throws IOException {
        Files.write(file, damaged());
    }

    private byte[] damaged() {
        if (random.nextInt(4) == 0) {
            return mutation.of(RawFile.bytes(HEADER, DATA_BYTES));
        }
        byte[] header = mutation.of(HEADER.getBytes(StandardCharsets.UTF_8));
        return RawFile.bytes(header, DATA_BYTES);
    }

    @Override
    public SafetensorsHeader read(Path file) {
        return SafetensorsHeader.read(file);
    }
}
