package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Architecture;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyFamily;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Slices of the language model of a multimodal model.
class MultimodalSlicesTest {
    private static final String LAYERS = "model.language_model.layers.";

    @TempDir private Path folder;

    @Test
    void towersAndProjectorsStayAsTheFirstModelHasThem() {
        TinyFamily.qwen35(8, true, 0).write(folder.resolve("a"), "BF16");
        TinyFamily.qwen35(8, true, 1).write(folder.resolve("b"), "BF16");

        Map<String, Values> out = merge(stack("./a", "[0, 6]", "./b", "[4, 8]"));

        assertSame(out, "model.visual.blocks.1.attn.qkv.weight", "a");
        assertSame(out, "model.visual.merger.linear_fc1.weight", "a");
        assertSame(out, "mtp.layers.0.mlp.up_proj.weight", "a");
        assertSame(out, "model.language_model.embed_tokens.weight", "a");
        assertSame(out, "lm_head.weight", "b");
        assertThat(out.get(LAYERS + "6.linear_attn.A_log").data())
                .isEqualTo(read("b").get(LAYERS + "4.linear_attn.A_log").data());
        assertThat(out).doesNotContainKey(LAYERS + "10.input_layernorm.weight");
    }

    @Test
    void settingsOfEachLayerFollowIt() {
        TinyFamily.qwen35(8, true, 0).write(folder.resolve("a"), "BF16");

        merge(stack("./a", "[0, 6]", "./a", "[4, 8]"));

        JsonNode text = config().path("text_config");
        assertThat(text.path("num_hidden_layers").intValue()).isEqualTo(10);
        assertThat(text.path("mtp_num_hidden_layers").intValue()).isEqualTo(1);
        assertThat(strings(text.path("layer_types")).stream().map(t -> t.substring(0, 1)).toList())
                .containsExactly("l", "l", "l", "f", "l", "l", "l", "l", "l", "f");
        assertThat(config().path("vision_config").path("depth").intValue()).isEqualTo(2);
    }

    @Test
    void mergedSlicesKeepTheBasesTower() {
        TinyFamily.qwen35(4, true, 0).write(folder.resolve("base"), "BF16");
        TinyFamily.qwen35(4, false, 1).write(folder.resolve("a"), "BF16");

        Cli.Result plan = run(merged("ties"), "--dry-run");
        Map<String, Values> out = merge(merged("ties"));

        assertThat(plan.out()).contains("modules 'visual', 'mtp' are copied from ./base");
        assertSame(out, "model.visual.blocks.0.attn.qkv.weight", "base");
        assertSame(out, "mtp.fc.weight", "base");
        String down = LAYERS + "1.mlp.down_proj.weight";
        assertThat(out.get(down).data()).isNotEqualTo(read("base").get(down).data());
        assertThat(out.keySet()).isEqualTo(read("base").keySet());
    }

    @Test
    void aLanguageModelAloneFitsIntoTheSlices() {
        TinyFamily.qwen35(4, true, 0).write(folder.resolve("base"), "BF16");
        TinyModel text = TinyFamily.qwen35(4, false, 1);
        List.of("model.visual.patch_embed.proj.weight", "model.visual.pos_embed.weight")
                .forEach(text::without);
        for (int i = 0; i < 2; i++) {
            text.without("model.visual.blocks." + i + ".attn.qkv.weight")
                    .without("model.visual.blocks." + i + ".mlp.linear_fc1.weight");
        }
        text.without("model.visual.merger.linear_fc1.weight")
                .without("model.visual.merger.norm.weight")
                .renamed(n -> n.replace("model.language_model.", "model."))
                .config("architectures", List.of("Qwen3_5ForCausalLM"))
                .config("model_type", "qwen3_5_text")
                .config("num_hidden_layers", 4)
                .write(folder.resolve("a"), "BF16");

        Map<String, Values> out = merge(merged("ties"));

        assertThat(out.keySet()).isEqualTo(read("base").keySet());
        assertSame(out, "model.visual.blocks.0.attn.qkv.weight", "base");
    }

    /// Layers of Gemma 4 differ in their heads, in whether they have values, and in whether they have
    /// keys at all.
    @Test
    void gemmasLayersBringTheirHeadsAlong() {
        TinyFamily.gemma4(12, 0).write(folder.resolve("a"), "BF16");

        Map<String, Values> out = merge(stack("./a", "[0, 6]", "./a", "[3, 12]"));

        JsonNode text = config().path("text_config");
        assertThat(text.path("num_hidden_layers").intValue()).isEqualTo(15);
        assertThat(text.path("num_kv_shared_layers").intValue()).isEqualTo(2);
        assertThat(text.path("per_layer_config").propertyNames())
                .containsExactly("02", "05", "08", "11", "14");
        assertThat(text.path("layer_types").size()).isEqualTo(15);
        assertThat(out.get("model.language_model.embed_tokens_per_layer.weight").shape())
                .containsExactly(8, 30);
        assertThat(out.get(LAYERS + "8.self_attn.q_proj.weight").data())
                .isEqualTo(read("a").get(LAYERS + "5.self_attn.q_proj.weight").data());
        assertThat(out)
                .containsKey(LAYERS + "12.self_attn.k_proj.weight")
                .doesNotContainKey(LAYERS + "13.self_attn.k_proj.weight");
        assertSame(out, "model.vision_tower.encoder.layers.2.n", "a");
        assertSame(out, "model.audio_tower.layers.1.norm_out", "a");
        assertSame(out, "model.embed_audio.embedding_projection.weight", "a");
        assertThat(config().path("audio_config").path("num_hidden_layers").intValue()).isEqualTo(2);
    }

    @Test
    void wholeGemmasMergeWithoutAWarning() {
        TinyFamily.gemma4(6, 0).write(folder.resolve("base"), "BF16");
        TinyFamily.gemma4(6, 1).write(folder.resolve("a"), "BF16");

        Cli.Result result =
                run(
                        """
                        merge_method: ties
                        base_model: ./base
                        models: [{model: ./a, parameters: {weight: 1, density: 0.5}}]
                        """,
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("warning");
        assertThat(read("out").keySet()).isEqualTo(read("base").keySet());
    }

    @Test
    void layersOfGemmaThatShareKeysStayTheLast() {
        TinyFamily.gemma4(6, 0).write(folder.resolve("a"), "BF16");

        Cli.Result result = run(stack("./a", "[3, 6]", "./a", "[0, 3]"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("num_kv_shared_layers");
    }

    @Test
    void anEncoderAndADecoderAreStillModules() {
        Architecture.of("t5").write(folder.resolve("a"), 0);

        Cli.Result result = run(stack("./a", "[0, 1]", "./a", "[0, 1]"));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("'slices' needs a model with a single stack of text layers")
                .contains("list the parts under 'modules': decoder, encoder");
    }

    @Test
    void layersAreShuffledAtRandomToo() {
        TinyFamily.qwen35(4, true, 0).write(folder.resolve("a"), "BF16");
        TinyFamily.qwen35(4, true, 1).write(folder.resolve("b"), "BF16");

        Cli.Result result =
                Cli.run(
                        folder,
                        "layershuffle",
                        "out",
                        "-m",
                        "./a",
                        "-w",
                        "1",
                        "-m",
                        "./b",
                        "-w",
                        "1",
                        "--random-seed",
                        "3",
                        "--write-yaml",
                        "drawn.yml");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(read("out").keySet()).isEqualTo(read("a").keySet());
        assertSame(read("out"), "model.visual.blocks.0.attn.qkv.weight", "a");
    }

    private static String stack(String first, String ranges, String second, String others) {
        return """
        merge_method: passthrough
        slices:
        - sources: [{model: %s, layer_range: %s}]
        - sources: [{model: %s, layer_range: %s}]
        """
                .formatted(first, ranges, second, others);
    }

    private static String merged(String method) {
        return """
        merge_method: %s
        base_model: ./base
        slices:
        - sources:
          - {model: ./base, layer_range: [0, 4]}
          - {model: ./a, layer_range: [0, 4]}
        parameters: {weight: 1}
        """
                .formatted(method);
    }

    private static List<String> strings(JsonNode list) {
        return list.values().stream().map(JsonNode::stringValue).toList();
    }

    private void assertSame(Map<String, Values> out, String name, String model) {
        assertThat(out.get(name).data()).as(name).isEqualTo(read(model).get(name).data());
    }

    private Map<String, Values> read(String name) {
        return TinyModel.read(folder.resolve(name));
    }

    private JsonNode config() {
        return new RecipeRun(folder).config();
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }
}
