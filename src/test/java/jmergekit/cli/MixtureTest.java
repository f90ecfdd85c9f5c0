package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Mixtures of experts, end to end.
class MixtureTest {
    private static final String EXPERTS =
            """
            base_model: ./base
            gate_mode: random
            experts: [{source_model: ./e1}, {source_model: ./e2}]
            """;
    private static final String QWEN =
            """
            base_model: ./base
            gate_mode: random
            dtype: float32
            experts: [ {source_model: ./e1, positive_prompts: ["a"]}, {source_model: ./e2, positive_prompts: ["b"]} ]
            shared_experts: [ {source_model: ./base, positive_prompts: ["c"], residual_scale: 0.1} ]
            """;
    private static final String DOWN = "model.layers.1.mlp.down_proj.weight";
    private static final String GATE = "model.layers.1.mlp.gate.weight";

    @TempDir private Path folder;

    private TinyModel base;
    private TinyModel first;

    @BeforeEach
    void writeLlamas() {
        base = TinyModel.llama(2, 96, false, 0).write(folder.resolve("base"), "F32");
        first = TinyModel.llama(2, 96, false, 0).tuned(1).write(folder.resolve("e1"), "F32");
        TinyModel.llama(2, 96, false, 0).tuned(2).write(folder.resolve("e2"), "F32");
    }

    private void writeQwens() {
        base = qwen(0).write(folder.resolve("base"), "F32");
        first = qwen(0).tuned(1).write(folder.resolve("e1"), "F32");
        qwen(0).tuned(2).write(folder.resolve("e2"), "F32");
    }

    private static TinyModel qwen(int m) {
        TinyModel model = TinyModel.llama(2, 96, true, m);
        for (int layer = 0; layer < 2; layer++) {
            for (String projection : List.of("q", "k", "v")) {
                int size = projection.equals("q") ? 32 : 16;
                model.with(
                        "model.layers.%d.self_attn.%s_proj.bias".formatted(layer, projection),
                        List.of(size),
                        new float[size]);
            }
        }
        return model.config("model_type", "qwen2")
                .config("architectures", List.of("Qwen2ForCausalLM"));
    }

    @Test
    void tiedQwensBecomeAQwenMixtureThatIsTied() {
        writeQwens();

        Cli.Result result = make(QWEN, "out");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        assertThat(out.get("model.layers.1.mlp.experts.0.down_proj.weight").data())
                .containsExactly(first.data(DOWN));
        float[] shared = out.get("model.layers.1.mlp.shared_expert.down_proj.weight").data();
        for (int i = 0; i < shared.length; i++) {
            assertThat(shared[i]).isEqualTo(0.1f * base.data(DOWN)[i]);
        }
        assertThat(out.get("model.layers.0.mlp.shared_expert.up_proj.weight").data())
                .containsExactly(base.data("model.layers.0.mlp.up_proj.weight"));
        assertThat(out.get(GATE).shape()).containsExactly(2, 32);
        assertThat(out.get("model.layers.1.mlp.shared_expert_gate.weight").shape())
                .containsExactly(1, 32);
        assertThat(out.get("model.layers.0.self_attn.q_proj.weight").data())
                .containsExactly(base.data("model.layers.0.self_attn.q_proj.weight"));
        assertThat(out).doesNotContainKey("lm_head.weight");
        ObjectNode config = TinyModel.readConfig(folder.resolve("out"));
        assertThat(config.path("tie_word_embeddings").booleanValue()).isTrue();
        assertThat(config.path("architectures").path(0).stringValue())
                .isEqualTo("Qwen2MoeForCausalLM");
        assertThat(config.path("num_experts").intValue()).isEqualTo(2);
        assertThat(config.path("moe_intermediate_size").intValue()).isEqualTo(64);
        assertThat(config.path("shared_expert_intermediate_size").intValue()).isEqualTo(64);
    }

    @Test
    void sameSeedGivesTheSameBytesAndAnotherOneOtherGates() throws IOException {
        assertThat(make(EXPERTS, "a", "--random-seed", "1", "-j", "1").code()).isZero();
        assertThat(make(EXPERTS, "b", "--random-seed", "1", "-j", "3").code()).isZero();
        assertThat(make(EXPERTS, "c", "--random-seed", "2").code()).isZero();

        Path weights = Path.of("model.safetensors");
        assertThat(folder.resolve("a").resolve(weights))
                .hasSameBinaryContentAs(folder.resolve("b").resolve(weights));
        assertThat(
                        Files.mismatch(
                                folder.resolve("a").resolve(weights),
                                folder.resolve("c").resolve(weights)))
                .isPositive();
    }

    @Test
    void noiseHasTheScaleOfTheRecipeAndNothingElseChanges() {
        String recipe = EXPERTS.replace("./e1}", "./e1, noise_scale: 0.25}");

        assertThat(make(recipe, "out").code()).isZero();

        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        float[] noisy = out.get("model.layers.1.block_sparse_moe.experts.0.w2.weight").data();
        double squares = 0;
        for (int i = 0; i < noisy.length; i++) {
            squares += Math.pow(noisy[i] - first.data(DOWN)[i], 2);
        }
        // 2048 elements: five standard errors are 8 percent.
        assertThat(Math.sqrt(squares / noisy.length)).isBetween(0.23, 0.27);
        assertThat(out.get("model.norm.weight").data())
                .containsExactly(base.data("model.norm.weight"));
    }

    @Test
    void defaultsThatTheMixturesLoaderDoesNotShareAreSpeltOut() {
        base.config("rope_scaling", Map.of("type", "linear", "factor", 4.0))
                .write(folder.resolve("base"), "F32");

        assertThat(make(EXPERTS, "out").code()).isZero();

        ObjectNode config = TinyModel.readConfig(folder.resolve("out"));
        assertThat(config.path("rope_theta").doubleValue()).isEqualTo(10_000);
        assertThat(config.path("rope_scaling").path("factor").doubleValue()).isEqualTo(4);
        assertThat(config.path("rms_norm_eps").doubleValue()).isEqualTo(1e-6);
        assertThat(config.path("max_position_embeddings").intValue()).isEqualTo(2048);
        assertThat(config.path("sliding_window").isNull()).isTrue();
        assertThat(config.path("num_local_experts").intValue()).isEqualTo(2);
    }

    @Test
    void randomGatesTakeTheSameModelForAllExpertsAsItWillBeTrained() {
        Cli.Result result =
                make(
                        """
                        base_model: ./base
                        gate_mode: random
                        experts: [{source_model: ./base}, {source_model: ./base}]
                        """,
                        "out");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(TinyModel.read(folder.resolve("out")))
                .containsKey("model.layers.1.block_sparse_moe.experts.1.w2.weight");
    }

    @Test
    void theWindowOfTheBaseModelsAttentionStays() {
        TinyModel.llama(2, 96, false, 0)
                .config("architectures", List.of("MistralForCausalLM"))
                .config("model_type", "mistral")
                .config("sliding_window", 4096)
                .write(folder.resolve("base"), "F32");

        assertThat(make(EXPERTS, "out").code()).isZero();

        assertThat(TinyModel.readConfig(folder.resolve("out")).path("sliding_window").intValue())
                .isEqualTo(4096);
    }

    @Test
    void llamaAndMistralExpertsMixIfTheirShapesAgree() {
        TinyModel.llama(2, 96, false, 0)
                .config("architectures", List.of("MistralForCausalLM"))
                .config("model_type", "mistral")
                .write(folder.resolve("e2"), "F32");

        assertThat(make(EXPERTS, "out").code()).isZero();
    }

    @Test
    void adapterOnTheBaseModelIsAnExpert() {
        String module = "model.layers.1.mlp.down_proj";
        TinyAdapter adapter =
                new TinyAdapter(4, 8)
                        .config("target_modules", List.of("down_proj"))
                        .factors(module, 4, 32, 64)
                        .write(folder.resolve("ad"), "F32");

        Cli.Result result = make(EXPERTS.replace("./e1", "./base+./ad"), "out");

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        float[] changed = out.get("model.layers.1.block_sparse_moe.experts.0.w2.weight").data();
        double[] product = adapter.product(module);
        for (int i = 0; i < changed.length; i++) {
            assertThat(changed[i]).isEqualTo((float) (base.data(DOWN)[i] + 2 * product[i]));
        }
        assertThat(out.get("model.layers.0.block_sparse_moe.experts.0.w2.weight").data())
                .containsExactly(base.data("model.layers.0.mlp.down_proj.weight"));
    }

    @Test
    void familyThatDoesNotFitSaysWhy() {
        writeQwens();
        String recipe = QWEN.substring(0, QWEN.indexOf("shared_experts"));

        Cli.Result result = make(recipe, "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("cannot make a 'qwen' model: it needs exactly one shared expert, found 0")
                .contains("cannot make a 'mixtral' model: './base' is Qwen2ForCausalLM");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void gemmasAreRefusedByName() {
        base.config("architectures", List.of("GemmaForCausalLM"))
                .config("model_type", "gemma")
                .write(folder.resolve("base"), "F32");

        assertThat(make(EXPERTS, "out").err()).contains("'./base' is GemmaForCausalLM");
    }

    @Test
    void biasesWithoutAPlaceAreRefused() {
        base.with("model.layers.0.self_attn.q_proj.bias", List.of(32), new float[32])
                .write(folder.resolve("base"), "F32");

        assertThat(make(EXPERTS + "architecture: mixtral\n", "out").err())
                .contains("cannot store tensor 'model.layers.0.self_attn.q_proj.bias'");
    }

    @Test
    void missingTensorOfAnExpertIsFoundBeforeAnythingIsWritten() {
        TinyModel.llama(2, 96, false, 0).without(DOWN).write(folder.resolve("e2"), "F32");

        Cli.Result result = make(EXPERTS, "out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("./e2", DOWN, "is missing");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void expertsOfOtherShapesAreRefusedWithBothShapes() {
        TinyModel.llama(3, 96, false, 0)
                .with(DOWN, List.of(32, 16), new float[512])
                .write(folder.resolve("e2"), "F32");

        assertThat(make(EXPERTS, "out").err())
                .contains(
                        "./e2",
                        "[32, 16], expected [32, 64]",
                        "3 layers, but the base model has 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cheap_embed | expert './e1' has no positive_prompts",
                "hidden      | expert './e1' has no positive_prompts",
                "hiden       | one of hidden, hidden_last, hidden_avg"
            })
    void gateModeThatCannotWorkIsRefused(String mode, String message) {
        Cli.Result result = make(EXPERTS.replace("random", mode), "out");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @Test
    void promptsNeedATokenizer() {
        String prompts = "positive_prompts: [a], negative_prompts: [b]}";
        String recipe =
                EXPERTS.replace("random", "cheap_embed")
                        .replace("./e1}", "./e1, " + prompts)
                        .replace("./e2}", "./e2, positive_prompts: [c]}");

        Cli.Result result = make(recipe, "out");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("./base", "no tokenizer.json");
    }

    @Test
    void dryRunShowsThePlanAndWritesNothing() {
        Cli.Result result = make(EXPERTS, "out", "--dry-run");

        assertThat(result.out())
                .contains(
                        "family    mixtral",
                        "gates     random, 2 tensors",
                        "model.layers.1.block_sparse_moe.gate.weight F32 [2, 32]",
                        "    ./e2: model.layers.1.mlp.gate_proj.weight F32");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void cardNamesTheExpertsAndTheRecipeIsKept() throws IOException {
        assertThat(make(EXPERTS, "out").code()).isZero();

        assertThat(folder.resolve("out/mergekit_moe_config.yml")).hasContent(EXPERTS);
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains(
                        "- mergekit\n- moe\n", "# out", "* ./e1\n* ./e2", "with the random seed 0");
    }

    private Cli.Result make(String recipe, String output, String... options) {
        try {
            Files.writeString(folder.resolve("moe.yml"), recipe);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String[] line = new String[options.length + 3];
        line[0] = "mergekit-moe";
        line[1] = "moe.yml";
        line[2] = output;
        System.arraycopy(options, 0, line, 3, options.length);
        return Cli.run(folder, line);
    }
}
