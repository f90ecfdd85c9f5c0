package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same recipe and inputs give the same files, whatever the number of threads.
class SameBytesTest {
    /// More elements than one chunk has.
    private static final List<Integer> LARGE = List.of(2100, 2048);

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        for (int m = 0; m < 3; m++) {
            Random random = new Random(m);
            float[] data = new float[LARGE.get(0) * LARGE.get(1)];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian();
            }
            TinyModel.llama(2, 40, false, m)
                    .with("model.layers.0.mlp.large.weight", LARGE, data)
                    .write(folder.resolve("m" + m), "BF16");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "slerp", "task_arithmetic", "ties"})
    void outputDoesNotDependOnTheNumberOfThreads(String method) throws IOException {
        write(method);

        byte[] one = merge("1");

        assertThat(merge("2")).isEqualTo(one);
        assertThat(merge("7")).isEqualTo(one);
    }

    @Test
    void runsAreRepeatable() throws IOException {
        write("ties");

        assertThat(merge("2")).isEqualTo(merge("2"));
    }

    private void write(String method) throws IOException {
        String other = "{model: ./m1, parameters: {weight: 0.7, density: 0.3}}";
        String third =
                method.equals("slerp")
                        ? ""
                        : ", {model: ./m2, parameters: {weight: -0.4, density: 0.8}}";
        String base = method.equals("linear") ? "" : "base_model: ./m0\n";
        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: %s\n%smodels: [%s%s]\nparameters: {t: 0.3, rescale: true}\n"
                        .formatted(method, base, other, third));
    }

    private byte[] merge(String threads) throws IOException {
        Cli.Result result =
                Cli.run(folder, "yaml", "recipe.yml", "out", "-j", threads, "--overwrite");
        assertThat(result.code()).as(result.err()).isZero();
        return Files.readAllBytes(folder.resolve("out/model.safetensors"));
    }
}
