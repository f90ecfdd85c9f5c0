package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import jmergekit.fuzz.TorchReader;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damages valid checkpoints at random. Whatever comes out is read or refused, never anything else.
class TorchFuzzTest {
    private static final Path SEEDS = Path.of("src", "test", "resources", "torchfile");
    private static final int ROUNDS = 1_000;

    @TempDir Path folder;

    @Test
    void damagedCheckpointsAreReadOrRefused() throws IOException {
        TorchReader reader = new TorchReader(new Random(20_261_101), SEEDS);
        Path file = folder.resolve("m.bin");
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.deleteIfExists(file);
            reader.write(file);
            try {
                long size = Files.size(file);
                assertThat(reader.read(file).entries())
                        .allSatisfy(e -> assertThat(e.begin()).isBetween(0L, size))
                        .allSatisfy(e -> assertThat(e.end()).isBetween(e.begin(), size));
                read++;
            } catch (MergeException _) {
                refused++;
            } catch (RuntimeException | Error e) {
                String bytes = HexFormat.of().formatHex(Files.readAllBytes(file));
                throw new AssertionError("round %d: %s".formatted(round, bytes), e);
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }
}
