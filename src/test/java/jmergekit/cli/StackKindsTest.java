package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stacks of models whose layers are of several kinds, told apart by their numbers.
final class StackKindsTest {
    @TempDir private Path folder;

    /// Layers 0, 1, 1, 2, 3 of four.
    private static final String STACK =
            """
            merge_method: passthrough
            slices:
              - sources: [{model: ./A, layer_range: [0, 2]}]
              - sources: [{model: ./A, layer_range: [1, 4]}]
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemma2 | x | 1 | layer_types | ['s','f','f','s','f']",
                "cohere2 | sliding_window_pattern | 3 | layer_types | ['s','s','s','f','s']",
                "qwen3_next | full_attention_interval | 2 | layer_types | ['l','f','f','l','f']",
                "modernbert | global_attn_every_n_layers | 2 | layer_types | ['f','s','s','f','s']",
                "smollm3 | no_rope_layer_interval | 2 | no_rope_layers | [1,0,0,1,0]",
                "llama4_text | interleave_moe_layer_step | 2 | moe_layers | [1,2,4]",
                "qwen3_moe | decoder_sparse_step | 2 | mlp_only_layers | [0,3]",
            })
    void aListSaysWhatAPeriodCannot(
            String type, String key, int period, String list, String expected) {
        model().config("model_type", type).config(key, period).write(folder.resolve("A"), "F32");

        Cli.Result result = run(STACK, "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        String written = new RecipeRun(folder).config().path(list).toString();
        assertThat(written.replace('"', '\'').replaceAll("'(.)[a-z_]*'", "'$1'"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1_000_000_000})
    void aNumberOfLayersThatNoModelHasIsTakenFromTheFiles(int layers) {
        model().config("num_hidden_layers", layers).write(folder.resolve("A"), "F32");

        Cli.Result result = run(STACK);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(new RecipeRun(folder).config().path("num_hidden_layers").intValue())
                .isEqualTo(5);
    }

    @Test
    void aPeriodThatStillHoldsStays() {
        model().config("model_type", "gemma2").write(folder.resolve("A"), "F32");

        Cli.Result result =
                run(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./A, layer_range: [0, 2]}]
                          - sources: [{model: ./A, layer_range: [0, 4]}]
                        """,
                        "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(new RecipeRun(folder).config().has("layer_types")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "dense_attention_every_n_layers, 2, '2, 3, 4'",
        "first_k_dense_replace, 1, none",
        "some_block_interval, 2, '2, 3, 4'"
    })
    void aPeriodThatNoListCanReplaceDrawsAWarning(String key, int value, String layers) {
        model().config(key, value).write(folder.resolve("A"), "F32");

        Cli.Result result = run(STACK);

        assertThat(result.code()).as(result.err()).isZero();
        if (layers.equals("none")) {
            assertThat(result.err()).doesNotContain(key);
            return;
        }
        assertThat(result.err())
                .contains(
                        "warning: ./A: with '%s' = %d, layers %s of the output are of a different kind"
                                .formatted(key, value, layers));
        assertThat(run(STACK, "--strict", "--overwrite").code()).isNotZero();
    }

    @Test
    void layersThatWouldNotLoadAreRefused() {
        model().config("attn_layer_period", 2)
                .config("attn_layer_offset", 1)
                .with("model.layers.0.mamba.weight", List.of(1), new float[1])
                .with("model.layers.2.mamba.weight", List.of(1), new float[1])
                .write(folder.resolve("A"), "F32");

        Cli.Result result = run(STACK);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("'attn_layer_period' = 2, layers 2, 3, 4 of the output")
                .contains("it would not load", "layer 1 of './A' as layer 2");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void leadingLayersBehindOthersAreRefused() {
        model().config("first_k_dense_replace", 2)
                .with("model.layers.2.router.weight", List.of(1), new float[1])
                .with("model.layers.3.router.weight", List.of(1), new float[1])
                .write(folder.resolve("A"), "F32");

        assertThat(run(STACK).code()).isZero();
        Cli.Result result =
                run(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./A, layer_range: [0, 4]}]
                          - sources: [{model: ./A, layer_range: [1, 4]}]
                        """,
                        "--overwrite");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("'first_k_dense_replace' = 2, layers 4 of the output");
    }

    @Test
    void aLayerThatOnlyItsPlaceTellsApartKeepsIt() {
        model().with("model.layers.0.relative_bias.weight", List.of(1), new float[1])
                .write(folder.resolve("A"), "F32");
        String twice =
                """
                merge_method: passthrough
                slices:
                  - sources: [{model: ./A, layer_range: [0, 2]}]
                  - sources: [{model: ./A, layer_range: [0, 2]}]
                """;

        assertThat(run(STACK, "--strict").code()).isZero();
        Cli.Result result = run(twice, "--overwrite");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("layer 0 has different tensors from the layer it replaces")
                .contains("'model.layers.0.relative_bias.weight'");
        assertThat(run(twice, "--overwrite", "--allow-crimes").code()).isZero();
    }

    @Test
    void listsOfWhatTheLayersOfAKindShareAreNotTornApart() {
        TinyModel model = model().config("layer_types", List.of("h", "m", "h", "m"));
        for (int i = 0; i < 2; i++) {
            model.with("model.layers.0.shared.adapters." + i + ".weight", List.of(1), new float[1]);
        }
        model.write(folder.resolve("A"), "F32");

        Cli.Result result =
                run(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./A, layer_range: [0, 3]}]
                          - sources: [{model: ./A, layer_range: [2, 4]}]
                        """);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("'model.layers.0.shared.adapters.[0-1]' belong to the 2 layers");
    }

    @Test
    void aListOfUnknownMeaningDrawsAWarning() {
        TinyModel.llama(8, 24, false, 0)
                .config("odd_values", List.of(1, 1, 2, 2, 3, 3, 4, 4))
                .config("eos_token_id", List.of(1, 1, 2, 2, 3, 3, 4, 4))
                .write(folder.resolve("A"), "F32");

        Cli.Result result = run(STACK);

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("'odd_values' in config.json may have a value for each of the 8 layers")
                .doesNotContain("eos_token_id");
    }

    private static TinyModel model() {
        return TinyModel.llama(4, 24, false, 0);
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }
}
