package jmergekit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import jmergekit.fixture.Cli;
import jmergekit.fixture.LooseFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of weights in `examples/checkpoints`, merged from the project's folder.
class CheckpointExampleTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path CHECKPOINTS = ROOT.resolve("examples/checkpoints");

    @TempDir private Path folder;

    @Test
    void theExampleGivesAClassifier() throws IOException {
        Path output = folder.resolve("out");

        Cli.Result result =
                Cli.run(
                        ROOT,
                        "pytorch",
                        "examples/checkpoints/classifier.yml",
                        output.toString(),
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        Path merged = output.resolve("model.safetensors");
        assertThat(LooseFile.header(merged)).hasSameSizeAs(LooseFile.header(file("base")));
        assertThat(LooseFile.header(merged).path("__metadata__").path("title").asString())
                .isEqualTo("an example, base");
        assertSum(merged, "fc.bias", 1);
        assertSum(merged, "conv1.weight", 0.5);
        assertThat(LooseFile.bytes(merged, "bn1.num_batches_tracked"))
                .isEqualTo(LooseFile.bytes(file("base"), "bn1.num_batches_tracked"));
    }

    private static Path file(String name) {
        return CHECKPOINTS.resolve(name + ".safetensors");
    }

    private static void assertSum(Path merged, String tensor, double weightOfDogs)
            throws IOException {
        float[] base = LooseFile.floats(file("base"), tensor);
        float[] cats = LooseFile.floats(file("cats"), tensor);
        float[] dogs = LooseFile.floats(file("dogs"), tensor);
        float[] found = LooseFile.floats(merged, tensor);
        for (int i = 0; i < base.length; i++) {
            double expected =
                    base[i] + 0.5 * (cats[i] - base[i]) + weightOfDogs * (dogs[i] - base[i]);
            assertThat((double) found[i])
                    .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6));
        }
    }

    @Test
    void theFilesAreWhatTheirGeneratorWrites() throws IOException {
        ExampleCheckpoints.write(folder);

        for (String name : ExampleCheckpoints.NAMES) {
            assertThat(file(name))
                    .as("written by a generator; run its main to write it anew")
                    .hasSameBinaryContentAs(folder.resolve(name + ".safetensors"));
        }
    }
}
