package jmergekit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The mixture in `examples/moe`, from the project's folder, with every kind of gate.
class MixtureExampleTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final String RECIPE = "examples/moe/mixtral.yml";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cheap_embed",
                "hidden",
                "hidden_last",
                "hidden_avg",
                "random",
                "uniform_random"
            })
    void mixtureIsComplete(String mode) throws IOException {
        Path recipe = folder.resolve("moe.yml");
        Files.writeString(
                recipe, Files.readString(ROOT.resolve(RECIPE)).replace("cheap_embed", mode));
        Path output = folder.resolve("out");

        Cli.Result result = Cli.run(ROOT, "moe", recipe.toString(), output.toString(), "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, TinyModel.Values> tensors = TinyModel.read(output);
        int layers = TinyModel.readConfig(output).path("num_hidden_layers").intValue();
        assertThat(tensors).hasSize(3 + layers * (6 + 1 + 2 * 3));
        for (int layer = 0; layer < layers; layer++) {
            String gate = "model.layers.%d.block_sparse_moe.gate.weight".formatted(layer);
            assertThat(tensors.get(gate).shape()).containsExactly(2, 32);
            for (float value : tensors.get(gate).data()) {
                assertThat(value).isFinite();
            }
        }
        assertThat(output.resolve("mergekit_moe_config.yml")).hasSameTextualContentAs(recipe);
        assertThat(output.resolve("README.md")).exists();
        assertThat(output.resolve("generation_config.json")).exists();
    }
}
