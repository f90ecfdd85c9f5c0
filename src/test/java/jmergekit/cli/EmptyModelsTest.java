package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that hold nothing, and recipes that take nothing of them.
final class EmptyModelsTest {
    @TempDir private Path folder;

    @Test
    void weightFilesWithoutTensorsAreRefused() {
        refused(TinyModel.of("LlamaForCausalLM", "llama"), "no tensors");
    }

    @Test
    void weightFilesWithBuffersAloneAreRefused() {
        refused(
                TinyModel.of("LlamaForCausalLM", "llama")
                        .with("model.position_ids", List.of(1, 4), new float[4], "I64"),
                "only 1 tensor, such as 'model.position_ids' I64 [1, 4]");
    }

    @Test
    void tensorsWithoutElementsAreNoWeights() {
        refused(
                TinyModel.of("LlamaForCausalLM", "llama")
                        .with("model.norm.weight", List.of(0), new float[0]),
                "only 1 tensor, such as 'model.norm.weight' F32 [0]");
    }

    private void refused(TinyModel model, String found) {
        model.write(folder.resolve("A"), "F32");
        Cli.Result result =
                new RecipeRun(folder).run("merge_method: passthrough\nmodels: [{model: ./A}]\n");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("./A: its weight files hold no weights").contains(found);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
