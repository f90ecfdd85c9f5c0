package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Weights in the folders of a sentence encoder's modules.
final class ModuleWeightsTest {
    private static final String RECIPE =
            """
            merge_method: linear
            models:
              - {model: ./A, parameters: {weight: 0.5}}
              - {model: ./B, parameters: {weight: 0.5}}
            """;

    @TempDir private Path folder;

    @Test
    void weightsThatDifferDrawAWarning() throws IOException {
        write("A", 1);
        write("B", 2);

        Cli.Result result = new RecipeRun(folder).run(RECIPE);

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("warning: ./B: '2_Dense/model.safetensors' differs from that of './A'");
        assertThat(folder.resolve("out/2_Dense/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("A/2_Dense/model.safetensors"));
        assertThat(new RecipeRun(folder).run(RECIPE, "--strict", "--overwrite").code()).isNotZero();
    }

    @Test
    void equalWeightsAreCopiedWithoutAWord() throws IOException {
        write("A", 1);
        write("B", 1);

        assertThat(new RecipeRun(folder).run(RECIPE, "--strict").code()).isZero();
    }

    private void write(String name, float value) throws IOException {
        TinyModel.llama(1, 24, false, 0).write(folder.resolve(name), "F32");
        TinyModel.of("Dense", "dense")
                .with("linear.weight", List.of(1), new float[] {value})
                .write(folder.resolve(name).resolve("2_Dense"), "F32");
        Files.writeString(
                folder.resolve(name).resolve("modules.json"),
                """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
                """);
    }
}
