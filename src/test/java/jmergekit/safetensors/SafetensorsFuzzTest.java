package jmergekit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.RawFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damages valid files at random. Whatever comes out is read or refused, never anything else.
class SafetensorsFuzzTest {
    private static final int ROUNDS = 8_000;

    private static final String HEADER =
            "{\"__metadata__\":{\"format\":\"pt\"},\"a.weight\":"
                    + RawFile.entry("BF16", "[2,3]", 0, 12)
                    + ",\"b\\u00e9\":"
                    + RawFile.entry("F32", "[]", 12, 16)
                    + ",\"c\":"
                    + RawFile.entry("I64", "[0,5]", 16, 16)
                    + "}";

    private static final String INDEX =
            "{\"metadata\":{\"total_size\":16},\"weight_map\":{\"a.weight\":\"m.safetensors\","
                    + "\"bé\":\"m.safetensors\",\"c\":\"m.safetensors\"}}";

    /// Pieces that a parser is most likely to stumble over.
    private static final String[] TOKENS =
            ("-1 1e999 9223372036854775807 18446744073709551616 null true 0.5 { } [ ] , : F8 ../ \""
                            + " \\ \\ud800 \\u0000 \0 \"a.weight\" \"dtype\" [[[[[[[[[[[[[[[[[[[[")
                    .split(" ");

    @TempDir Path folder;

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        Random random = new Random(20_240_601);
        Path file = folder.resolve("m.safetensors");
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes =
                    random.nextInt(4) == 0
                            ? damaged(RawFile.bytes(HEADER, 16), random)
                            : RawFile.bytes(text(damaged(bytes(HEADER), random)), 16);
            Files.write(file, bytes);
            try {
                checkConsistent(SafetensorsHeader.read(file), bytes.length);
                read++;
            } catch (MergeException _) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round %d: %s".formatted(round, text(bytes)), e);
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }

    @Test
    void damagedIndexesAreReadOrReported() throws IOException {
        Random random = new Random(7);
        RawFile.write(folder.resolve("m.safetensors"), HEADER, 16);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(bytes(INDEX), random);
            Files.write(folder.resolve("model.safetensors.index.json"), bytes);
            Problems problems = new Problems();
            try {
                Checkpoint checkpoint =
                        Checkpoint.open(folder, List.of(SafetensorsHeader.FORMAT), problems);
                assertThat(checkpoint.tensors().size() == 3 || problems.hasErrors()).isTrue();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round %d: %s".formatted(round, text(bytes)), e);
            }
        }
    }

    private static void checkConsistent(SafetensorsHeader header, long size) {
        try (WeightFile file = WeightFile.open(header)) {
            for (TensorEntry entry : header.entries()) {
                assertThat(entry.begin()).isBetween(8L, size);
                assertThat(entry.end()).isBetween(entry.begin(), size);
                file.view(entry);
            }
        }
    }

    private static byte[] damaged(byte[] original, Random random) {
        byte[] bytes = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes = damagedOnce(bytes, random);
        }
        return bytes;
    }

    private static byte[] damagedOnce(byte[] bytes, Random random) {
        if (bytes.length < 2) {
            return new byte[random.nextInt(20)];
        }
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(Math.min(40, bytes.length - at));
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, new byte[random.nextInt(9)], at);
            case 2 -> joined(bytes, at, new byte[0], to);
            case 3 -> joined(bytes, at, bytes(TOKENS[random.nextInt(TOKENS.length)]), to);
            case 4 -> joined(bytes, to, Arrays.copyOfRange(bytes, at, to), to);
            default -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, at + 1);
        };
    }

    /// `bytes` up to `at`, then `middle`, then `bytes` from `from`.
    private static byte[] joined(byte[] bytes, int at, byte[] middle, int from) {
        return ByteBuffer.allocate(at + middle.length + bytes.length - from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes, 0, at)
                .put(middle)
                .put(bytes, from, bytes.length - from)
                .array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
