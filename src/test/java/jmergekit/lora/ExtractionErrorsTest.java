package jmergekit.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused, and what the message says; nothing is ever left behind.
class ExtractionErrorsTest {
    private static final String Q = "model.layers.0.self_attn.q_proj";

    @TempDir private Path folder;

    private final TinyModel base = TinyModel.llama(2, 40, false, 0);
    private final TinyModel tuned = base.tuned(1);

    @BeforeEach
    void writeModels() {
        base.write(folder.resolve("base"), "F32");
        tuned.write(folder.resolve("tuned"), "F32");
    }

    private void refused(int code, String message, String... arguments) throws IOException {
        Cli.Result result = Cli.run(folder, arguments);

        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        assertThat(result.code()).isEqualTo(code);
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("base", "tuned");
        }
    }

    private void modelRefused(int code, String message, String... options) throws IOException {
        tuned.write(folder.resolve("tuned"), "F32");
        String[] line = {"extract-lora", "tuned", "base", "out"};
        String[] all = java.util.Arrays.copyOf(line, line.length + options.length);
        System.arraycopy(options, 0, all, line.length, options.length);
        refused(code, message, all);
    }

    @Test
    void modelsAndOutputAreNeeded() throws IOException {
        refused(
                2,
                "--out-path is missing",
                "extract-lora",
                "--model",
                "tuned",
                "--base-model",
                "base");
        refused(
                2,
                "needs exactly three arguments, or none (expected FINETUNED BASE OUTPUT, found "
                        + "tuned base)",
                "extract-lora",
                "tuned",
                "base");
        refused(
                2,
                "given as both arguments and options",
                "extract-lora",
                "tuned",
                "base",
                "out",
                "--model",
                "tuned");
    }

    @Test
    void allMistakesAreReportedAtOnce() throws IOException {
        String[] line = {
            "extract-lora",
            "tuned",
            "base",
            "out",
            "--rank",
            "0",
            "--energy",
            "2",
            "--sv-epsilon",
            "-1",
            "-e",
            "("
        };
        refused(2, "--rank: needs a positive number (found 0)", line);
        refused(2, "--energy: needs a share above 0, up to 1 (found 2.0)", line);
        refused(2, "--sv-epsilon: needs a number of at least 0 (found -1.0)", line);
        refused(2, "--exclude-regex: '(' is not a regular expression", line);
    }

    @Test
    void modelWithAnAdapterIsRefused() throws IOException {
        Path adapter = folder.resolve("tuned");
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        Files.copy(
                adapter.resolve("model.safetensors"), adapter.resolve("adapter_model.safetensors"));

        refused(
                3,
                "base+tuned: models are compared as stored, without adapters",
                "extract-lora",
                "base+tuned",
                "base",
                "out");
    }

    @Test
    void missingModelsAreNamed() throws IOException {
        refused(3, "./none: no such model folder", "extract-lora", "./none", "base", "out");
    }

    @Test
    void misspeltModuleGetsASuggestion() throws IOException {
        modelRefused(
                2,
                "no module is called 'donw_proj' (did you mean 'down_proj'?)",
                "--save-module",
                "donw_proj");
    }

    @Test
    void nothingLeftIsRefused() throws IOException {
        modelRefused(2, "no modules are left", "-e", ".");
    }

    @Test
    void missingAndAddedTensorsAreNamed() throws IOException {
        tuned.without(Q + ".weight")
                .with("model.layers.0.extra.weight", List.of(4, 4), new float[16]);

        modelRefused(3, "tuned: lacks tensors of the base model: '" + Q + ".weight'");
        modelRefused(3, "tuned: only the fine-tune contains 'model.layers.0.extra.weight'");
    }

    @Test
    void excludedModulesAreNotMissed() throws IOException {
        tuned.without(Q + ".weight")
                .with("model.layers.0.extra.weight", List.of(4, 4), new float[16]);
        tuned.write(folder.resolve("tuned"), "F32");

        Cli.Result result =
                Cli.run(folder, "extract-lora", "tuned", "base", "out", "-e", "extra", "-e", Q);

        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void otherShapesAreNamed() throws IOException {
        tuned.with(Q + ".weight", List.of(16, 32), new float[512]);

        modelRefused(3, "different shapes for '%s.weight ([16, 32], [32, 32])'".formatted(Q));
    }

    @Test
    void biasOfAnotherLengthIsNamed() throws IOException {
        base.with(Q + ".bias", List.of(16), new float[16]).write(folder.resolve("base"), "F32");
        tuned.with(Q + ".bias", List.of(32), new float[32]);

        modelRefused(3, "different shapes for '%s.bias ([32], [16])'".formatted(Q));
    }

    @Test
    void otherArchitectureIsRefused() throws IOException {
        tuned.config("architectures", List.of("MistralForCausalLM"));

        modelRefused(
                3,
                "does not have the base model's architecture (expected LlamaForCausalLM, found MistralForCausalLM)");
    }

    @Test
    void quantisedWeightsAreRefused() throws IOException {
        tuned.with(Q + ".weight_scale", List.of(1), new float[1]);

        modelRefused(3, "its weights are quantised: 1 tensors such as '" + Q + ".weight_scale'");
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedWithTheirTensor() throws IOException {
        tuned.data(Q + ".weight")[5] = Float.NaN;

        modelRefused(3, Q + ".weight: the difference between the two models is not finite");
    }

    @Test
    void outputThatIsAnInputIsRefused() throws IOException {
        refused(
                4,
                "the output folder is also an input",
                "extract-lora",
                "tuned",
                "base",
                "base",
                "--overwrite");
    }

    @Test
    void expressionThatMatchesNothingDrawsAWarning() {
        Cli.Result result = Cli.run(folder, "extract-lora", "tuned", "base", "out", "-e", "q_porj");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("warning: --exclude-regex: no module's name matches 'q_porj'");
    }
}
