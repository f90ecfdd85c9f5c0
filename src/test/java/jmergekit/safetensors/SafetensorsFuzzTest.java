package jmergekit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.RawFile;
import jmergekit.fuzz.Mutation;
import jmergekit.fuzz.SafetensorsReader;
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

    private static final String INDEX =
            "{\"metadata\":{\"total_size\":16},\"weight_map\":{\"a.weight\":\"m.safetensors\","
                    + "\"bé\":\"m.safetensors\",\"c\":\"m.safetensors\"}}";

    @TempDir Path folder;

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        SafetensorsReader reader = new SafetensorsReader(new Random(20_240_601));
        Path file = folder.resolve("m.safetensors");
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.deleteIfExists(file);
            reader.write(file);
            byte[] bytes = Files.readAllBytes(file);
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
        Mutation mutation = new Mutation(new Random(7), SafetensorsReader.TOKENS);
        RawFile.write(folder.resolve("m.safetensors"), SafetensorsReader.HEADER, 16);
        Path index = folder.resolve("model.safetensors.index.json");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutation.of(INDEX.getBytes(StandardCharsets.UTF_8));
            Files.deleteIfExists(index);
            Files.write(index, bytes);
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

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
