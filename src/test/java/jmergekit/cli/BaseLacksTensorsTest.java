package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Fine-tunes with tensors that their base model does not have.
class BaseLacksTensorsTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeBase() {
        TinyModel.llama(2, 24, false, 0).write(folder.resolve("base"), "F32");
    }

    // Checkpoints of 2023 hold it; it is computed from the configuration.
    @Test
    void aBufferOfTheFineTuneAloneIsCopied() {
        String buffer = "model.layers.1.self_attn.rotary_emb.inv_freq";
        tuned(1).with(buffer, List.of(4), new float[] {1, 0.5f, 0.25f, 0.125f})
                .write(folder.resolve("a"), "F32");
        tuned(2).write(folder.resolve("b"), "F32");

        Map<String, Values> out =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: ties
                                base_model: ./base
                                models:
                                - {model: ./a, parameters: {weight: 1, density: 0.5}}
                                - {model: ./b, parameters: {weight: 1, density: 0.5}}
                                """);

        assertThat(out.get(buffer).data()).containsExactly(1, 0.5f, 0.25f, 0.125f);
    }

    @Test
    void biasesThatTheConfigurationDoesNotKnowDrawAWarning() {
        tuned(1).with("model.layers.0.self_attn.q_proj.bias", List.of(32), new float[32])
                .write(folder.resolve("a"), "F32");
        String recipe =
                "merge_method: linear\nmodels:\n"
                        + "- {model: ./base, parameters: {weight: 1}}\n"
                        + "- {model: ./a, parameters: {weight: 1}}\n";

        Cli.Result result = new RecipeRun(folder).run(recipe);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("warning: ./base: it has no biases")
                .contains("model.layers.0.self_attn.q_proj.bias");
    }

    // PEFT replaces the head of a task by itself, under names that it guesses.
    @Test
    void theAdapterOfAClassifierNamesNoTask() {
        classifier(0).write(folder.resolve("base"), "F32");
        classifier(0).tuned(1).write(folder.resolve("a"), "F32");

        Cli.Result result = Cli.run(folder, "extract-lora", "a", "base", "adapter", "--rank", "4");

        assertThat(result.code()).as(result.err()).isZero();
        JsonNode config = new RecipeRun(folder, "adapter").config("adapter_config.json");
        assertThat(config.has("task_type")).isTrue();
        assertThat(config.path("task_type").isNull()).isTrue();
    }

    @Test
    void anAdapterWithoutFactorsDrawsAWarning() {
        TinyModel.llama(2, 24, false, 0).write(folder.resolve("a"), "F32");

        Cli.Result result = Cli.run(folder, "extract-lora", "a", "base", "adapter", "--rank", "4");

        assertThat(result.err()).contains("warning: adapter: no module has factors");
    }

    private static TinyModel tuned(int m) {
        return TinyModel.llama(2, 24, false, 0).tuned(m);
    }

    private static TinyModel classifier(int m) {
        return TinyModel.llama(2, 24, true, m)
                .with("score.weight", List.of(2, 32), new float[64])
                .config("architectures", List.of("LlamaForSequenceClassification"));
    }
}
