package jmergekit.planner;

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

/// Models that cannot be merged: one error each, of the first cause, where the recipe has it.
final class UnfitModelsTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel.llama(4, 24, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(4, 24, false, 1).write(folder.resolve("b"), "F32");
    }

    private List<String> errors(int code, String recipe, String... options) throws IOException {
        Files.writeString(folder.resolve("r.yml"), recipe);
        String[] arguments = new String[4 + options.length];
        List<String> given = List.of("yaml", "r.yml", "out", "--dry-run");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i < given.size() ? given.get(i) : options[i - given.size()];
        }
        Cli.Result result = Cli.run(folder, arguments);
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        return result.err().lines().filter(l -> l.startsWith("error: ")).toList();
    }

    private static String linear(String second) {
        return """
        merge_method: linear
        models:
        - {model: ./a, parameters: {weight: 1}}
        - {model: %s, parameters: {weight: 1}}
        """
                .formatted(second);
    }

    @Test
    void aRangeBeyondTheLayersIsOneError() throws IOException {
        for (String method : List.of("slerp\nparameters: {t: 0.5}", "ties")) {
            String recipe =
                    """
                    merge_method: %s
                    base_model: ./a
                    slices:
                    - sources:
                      - {model: ./a, layer_range: [0, 5], parameters: {weight: 1}}
                      - {model: ./b, layer_range: [0, 4], parameters: {weight: 1}}
                    """
                            .formatted(method);
            int line = method.contains("\n") ? 6 : 5;
            assertThat(errors(2, recipe))
                    .containsExactly(
                            "error: r.yml:"
                                    + line
                                    + ":31: layer_range [0, 5] exceeds the 4 layers of './a';"
                                    + " layers are counted from 0; the end is exclusive");
        }
    }

    @Test
    void anotherArchitectureIsOneErrorOfItsOwn() throws IOException {
        TinyModel.of("GPT2LMHeadModel", "gpt2")
                .with("transformer.h.0.attn.c_attn.weight", List.of(2, 2), new float[4])
                .with("transformer.h.1.attn.c_attn.weight", List.of(2, 2), new float[4])
                .write(folder.resolve("b"), "F32");

        assertThat(errors(3, linear("./b")))
                .containsExactly(
                        "error: ./b: models of different architectures (expected LlamaForCausalLM as"
                                + " in './a', found GPT2LMHeadModel); their tensors have different"
                                + " names, so they cannot be merged");
        String sliced =
                """
                merge_method: passthrough
                slices:
                - sources: [{model: ./a, layer_range: [0, 2]}]
                - sources: [{model: ./b, layer_range: [0, 2]}]
                """;
        assertThat(String.join("\n", errors(3, sliced)))
                .contains("models of different architectures")
                .doesNotContain("0 layers");
    }

    @Test
    void aMissingParameterIsReportedAtItsModel() throws IOException {
        String recipe = linear("./b").replace("./b, parameters: {weight: 1}", "./b");
        assertThat(errors(2, recipe))
                .containsExactly(
                        "error: r.yml:4:11: merge method 'linear' needs parameter 'weight' for model"
                                + " './b'; set it under the model's 'parameters', or under the"
                                + " top-level 'parameters' for all");
    }

    @Test
    void anotherLayoutOfExpertsIsNoDamage() throws IOException {
        TinyModel split = TinyModel.llama(2, 24, false, 0);
        TinyModel fused = TinyModel.llama(2, 24, false, 1);
        for (int layer = 0; layer < 2; layer++) {
            String experts = "model.layers.%d.mlp.experts.".formatted(layer);
            split.with(experts + "0.up_proj.weight", List.of(2, 2), new float[4]);
            split.with(experts + "1.up_proj.weight", List.of(2, 2), new float[4]);
            fused.with(experts + "up_proj", List.of(2, 2, 2), new float[8]);
        }
        split.write(folder.resolve("a"), "F32");
        fused.write(folder.resolve("b"), "F32");

        assertThat(errors(3, linear("./b")))
                .containsExactly(
                        "error: ./b: its experts are stored in another layout (expected one tensor"
                                + " for each expert as in './a'"
                                + " ('model.layers.0.mlp.experts.0.up_proj.weight'), found one tensor"
                                + " for all experts of a layer as in './b'"
                                + " ('model.layers.0.mlp.experts.up_proj')); these layouts"
                                + " cannot be merged; save both models in the same layout");
    }

    @Test
    void ggufIsNoInput() throws IOException {
        Files.createDirectory(folder.resolve("g"));
        Files.writeString(folder.resolve("g/model-Q4.gguf"), "GGUF");
        String hint =
                "; GGUF files are for inference and cannot be merged; name the safetensors"
                        + " checkpoint from which it was made";

        assertThat(errors(3, linear("./g")))
                .containsExactly(
                        "error: ./g: holds no weights that can be merged (found only GGUF, as in"
                                + " 'model-Q4.gguf')"
                                + hint);
        assertThat(errors(3, linear("./g/model-Q4.gguf")))
                .containsExactly(
                        "error: ./g/model-Q4.gguf: not a folder (found a GGUF file)" + hint);
    }

    @Test
    void weightsWithoutAConfigurationAreNoModel() throws IOException {
        Files.createDirectory(folder.resolve("bare"));
        Files.copy(folder.resolve("b/model.safetensors"), folder.resolve("bare/model.safetensors"));

        assertThat(errors(3, linear("./bare")))
                .containsExactly(
                        "error: ./bare/config.json: no such file; add it, or merge only weights"
                                + " with mergekit-pytorch");
    }

    @Test
    void aFileOfWeightsIsNoModel() throws IOException {
        assertThat(errors(3, linear("./b/model.safetensors")))
                .containsExactly(
                        "error: ./b/model.safetensors: not a folder (found a weight file); name"
                                + " the folder with this file and its config.json, or merge only"
                                + " weights with mergekit-pytorch");
    }

    @Test
    void aLargePlanIsFolded() throws IOException {
        TinyModel.llama(14, 24, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(14, 24, false, 1).write(folder.resolve("b"), "F32");
        Files.writeString(folder.resolve("r.yml"), linear("./b"));

        String folded = Cli.run(folder, "yaml", "r.yml", "out", "--dry-run").out();
        String every = Cli.run(folder, "yaml", "r.yml", "out", "--dry-run", "-v").out();

        assertThat(folded)
                .contains(
                        """
                          model.layers.[0-13].mlp.up_proj.weight F32 [64, 32] normalize=1
                            ./a: model.layers.[0-13].mlp.up_proj.weight F32 weight=1
                            ./b: model.layers.[0-13].mlp.up_proj.weight F32 weight=1
                        """)
                .contains("file      model.safetensors: 129 tensors\n")
                .contains("-v lists each\n");
        assertThat(folded.lines().count()).isLessThan(60);
        assertThat(every)
                .contains("  model.layers.13.mlp.up_proj.weight F32 [64, 32] normalize=1\n")
                .doesNotContain("[0-13].mlp.up_proj.weight F32 [");
    }

    @Test
    void layersThatDifferAreNotFoldedTogether() throws IOException {
        TinyModel.llama(14, 24, false, 0).write(folder.resolve("a"), "F32");
        Files.writeString(
                folder.resolve("r.yml"),
                """
                merge_method: passthrough
                slices:
                - sources: [{model: ./a, layer_range: [0, 8]}]
                - sources: [{model: ./a, layer_range: [4, 14]}]
                """);

        assertThat(Cli.run(folder, "yaml", "r.yml", "out", "--dry-run").out())
                .contains(
                        """
                          model.layers.[0-7].mlp.up_proj.weight F32 [64, 32]
                            ./a: model.layers.[0-7].mlp.up_proj.weight F32 scale=1
                        """)
                .contains(
                        """
                          model.layers.[8-17].mlp.up_proj.weight F32 [64, 32]
                            ./a: model.layers.[4-13].mlp.up_proj.weight F32 scale=1
                        """);
    }
}
