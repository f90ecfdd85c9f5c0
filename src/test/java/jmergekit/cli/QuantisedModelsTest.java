package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// FP8 models with scales, and other quantised ones, end to end.
final class QuantisedModelsTest {
    private static final String UP = "model.layers.0.mlp.up_proj.weight";
    private static final int ROWS = 64;
    private static final int COLUMNS = 32;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"_scale, 1, 1", "_scale, 64, 1", "_scale_inv, 4, 1", "_scale_inv, 16, 4"})
    void scalesAreAppliedBeforeThereIsAnythingToCompute(String suffix, int rows, int columns) {
        float[] scales = scales(rows * columns);
        quantised(suffix, List.of(rows, columns), scales).write(folder.resolve("A"), "BF16");
        TinyModel b = TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Map<String, Values> out = merge(linear("./A"));

        float[] other = b.data(UP);
        float[] merged = out.get(UP).data();
        for (int i = 0; i < merged.length; i++) {
            int row = i / COLUMNS / (ROWS / rows);
            int column = i % COLUMNS / (COLUMNS / columns);
            float first = stored()[i] * scales[row * columns + column];
            assertThat((double) merged[i])
                    .isCloseTo((first + other[i]) / 2, within(Math.abs(first + other[i]) / 256.0));
        }
        assertThat(out).doesNotContainKey(UP + suffix).hasSize(12);
        assertThat(new RecipeRun(folder).dtypes()).containsEntry(UP, "BF16");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void theBaseMayBeTheOneThatIsNotQuantised() {
        quantised("_scale", List.of(1), scales(1)).write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: task_arithmetic
                        base_model: ./B
                        models: [{model: ./A, parameters: {weight: 1}}]
                        """);

        assertThat((double) out.get(UP).data()[9])
                .isCloseTo(stored()[9] * scales(1)[0], within(0.01));
        assertThat(out).hasSize(12);
    }

    @Test
    void passthroughCopiesTensorsWithTheirScales() {
        quantised("_scale", List.of(64, 1), scales(64)).write(folder.resolve("A"), "BF16");

        Map<String, Values> out = merge("merge_method: passthrough\nmodels: [{model: ./A}]\n");

        assertThat(out.get(UP).data()).isEqualTo(stored());
        assertThat(out.get(UP + "_scale").data()).isEqualTo(scales(64));
        assertThat(new RecipeRun(folder).dtypes()).containsEntry(UP, "F8_E4M3");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isTrue();
    }

    @Test
    void aSliceOfOneModelIsScaledAsTheMergedOnesAre() {
        quantised("_scale", List.of(1), scales(1)).write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: nuslerp
                        slices:
                          - sources: [{model: ./A}]
                          - sources: [{model: ./A}, {model: ./B}]
                        parameters: {weight: 1}
                        """);

        float[] first = out.get(UP).data();
        for (int i = 0; i < first.length; i++) {
            assertThat(first[i]).isEqualTo(stored()[i] * scales(1)[0]);
        }
        assertThat(out).doesNotContainKey(UP + "_scale").hasSize(21);
        assertThat(new RecipeRun(folder).dtypes()).containsEntry(UP, "BF16");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void anAdapterIsAddedToTheScaledWeights() {
        quantised("_scale", List.of(1), scales(1)).write(folder.resolve("A"), "BF16");
        TinyAdapter adapter =
                new TinyAdapter(2, 2)
                        .factors("model.layers.0.mlp.up_proj", 2, ROWS, COLUMNS)
                        .write(folder.resolve("ad"), "F32");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: linear
                        models: [{model: ./A+./ad, parameters: {weight: 1}}]
                        dtype: float32
                        """);

        assertThat((double) out.get(UP).data()[40])
                .isCloseTo(
                        stored()[40] * scales(1)[0]
                                + adapter.product("model.layers.0.mlp.up_proj")[40],
                        within(1e-6));
    }

    @Test
    void scalesThatDoNotFitAreRefusedWithBothShapes() {
        quantised("_scale_inv", List.of(3, 1), scales(3)).write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Cli.Result result = run(linear("./A"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("'" + UP + "' [64, 32] has scales [3, 1]");
    }

    @Test
    void whereSomeFp8TensorsAreComputedWithAllAreScaled() {
        TinyModel model = quantised("_scale", List.of(1), scales(1));
        String down = "model.layers.0.mlp.down_proj.weight";
        model.with(down, List.of(COLUMNS, ROWS), stored(), "F8_E4M3")
                .with(down + "_scale", List.of(1), scales(1), "F32")
                .write(folder.resolve("A"), "BF16");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: passthrough
                        models: [{model: ./A}]
                        parameters: {scale: [{filter: down_proj, value: 0.5}, {value: 1}]}
                        """);

        for (int i = 0; i < stored().length; i++) {
            assertThat(out.get(UP).data()[i]).isEqualTo(stored()[i] * scales(1)[0]);
            assertThat(out.get(down).data()[i]).isEqualTo(stored()[i] * scales(1)[0] / 2);
        }
        assertThat(out).hasSize(12);
        assertThat(new RecipeRun(folder).dtypes()).containsEntry(UP, "BF16");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void packedWeightsOfTwoModelsAreRefused() {
        for (String name : List.of("A", "B")) {
            TinyModel.llama(1, 24, false, 0)
                    .without(UP)
                    .with("model.layers.0.mlp.up_proj.qweight", List.of(8, 4), new float[32], "U8")
                    .config("quantization_config", Map.of("quant_method", "gptq"))
                    .write(folder.resolve(name), "BF16");
        }

        Cli.Result result = run(linear("./A"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "./A: its weights are quantised by GPTQ",
                        "./B: its weights are quantised by GPTQ",
                        "(found 'model.layers.0.mlp.up_proj.qweight')");
        assertThat(merge("merge_method: passthrough\nmodels: [{model: ./A}]\n")).hasSize(12);
    }

    @ParameterizedTest
    @CsvSource({
        "weight, weight.absmax weight.nested_absmax weight.quant_map",
        "weight, SCB weight_scale",
        "qweight, scales",
        "weight_packed, weight_scale weight_global_scale input_global_scale",
        "W_q, scale zero",
        "codes, codebooks scales",
        "up_proj_blocks, up_proj_scales",
    })
    void whatUnpacksWeightsIsCopiedAsItIs(String packed, String companions) {
        String module = "model.layers.0.mlp.up_proj.";
        TinyModel model = TinyModel.llama(1, 24, false, 0).without(UP);
        model.with(module + packed, List.of(8, 4), new float[32], "U8");
        model.with(module + "bias", List.of(2), new float[2], "F32");
        for (String companion : companions.split(" ")) {
            model.with(module + companion, List.of(2), new float[] {0.1f, 0.3f}, "F32");
        }
        model.write(folder.resolve("A"), "F32");

        Map<String, Values> out =
                merge("merge_method: passthrough\nmodels: [{model: ./A}]\ndtype: bfloat16\n");

        Map<String, String> dtypes = new RecipeRun(folder).dtypes();
        for (String companion : companions.split(" ")) {
            assertThat(out.get(module + companion).data()).containsExactly(0.1f, 0.3f);
            assertThat(dtypes).containsEntry(module + companion, "F32");
        }
        assertThat(dtypes)
                .containsEntry(module + "bias", "BF16")
                .containsEntry("model.layers.0.mlp.gate_proj.weight", "BF16");
    }

    @Test
    void whatUnpacksWeightsIsNotComputedWith() {
        TinyModel.llama(1, 24, false, 0)
                .with(UP, List.of(1024, 1), new float[1024], "U8")
                .with(UP + ".absmax", List.of(32), new float[32], "F32")
                .write(folder.resolve("A"), "F32");

        Cli.Result result =
                run(
                        """
                        merge_method: passthrough
                        models: [{model: ./A}]
                        parameters: {scale: [{filter: up_proj, value: 0.5}, {value: 1}]}
                        """);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("its weights are quantised by bitsandbytes, 4 bits")
                .contains("which 'scale' cannot compute with (found '" + UP + "')");
    }

    // A table of positions is made of whole numbers, too.
    @Test
    void aParameterBesideABufferIsStillCast() {
        TinyModel.llama(1, 24, false, 0)
                .with("embed.position_ids", List.of(1, 4), new float[4], "U8")
                .with("embed.token", List.of(2), new float[2], "F32")
                .write(folder.resolve("A"), "F32");

        merge("merge_method: passthrough\nmodels: [{model: ./A}]\ndtype: bfloat16\n");

        assertThat(new RecipeRun(folder).dtypes()).containsEntry("embed.token", "BF16");
    }

    // One configuration cannot say of both how they are stored.
    @Test
    void aStackOfAQuantisedModelAndAPlainOneHoldsNumbers() {
        quantised("_scale", List.of(1), scales(1)).write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Map<String, Values> out = merge(stack());

        float expected = stored()[40] * 0.5f;
        assertThat(out.get(UP).data()[40]).isEqualTo(expected);
        assertThat(new RecipeRun(folder).dtypes())
                .containsEntry(UP, "F32")
                .doesNotContainKey(UP + "_scale");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void aStackOfModelsWithScalesOfDifferentBlocksHoldsNumbers() {
        quantised("_scale_inv", List.of(4, 1), scales(4)).write(folder.resolve("A"), "BF16");
        quantised("_scale_inv", List.of(1), scales(1)).write(folder.resolve("B"), "BF16");

        Map<String, Values> out = merge(stack());

        assertThat(out.get(UP.replace(".0.", ".1.")).data()[40]).isEqualTo(stored()[40] * 0.5f);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void aStackOfModelsThatAreQuantisedAlikeStaysQuantised() {
        quantised("_scale", List.of(1), scales(1)).write(folder.resolve("A"), "BF16");
        quantised("_scale", List.of(1), scales(1)).write(folder.resolve("B"), "BF16");

        merge(stack());

        assertThat(new RecipeRun(folder).dtypes()).containsEntry(UP, "F8_E4M3");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isTrue();
    }

    private static String stack() {
        return """
        merge_method: passthrough
        dtype: float32
        slices:
          - sources: [{model: ./A}]
          - sources: [{model: ./B}]
        """;
    }

    private static TinyModel quantised(String suffix, List<Integer> shape, float[] scales) {
        Map<String, Object> config =
                Map.of("quant_method", "fp8", "weight_block_size", List.of(blockRows(shape), 8));
        return TinyModel.llama(1, 24, false, 0)
                .with(UP, List.of(ROWS, COLUMNS), stored(), "F8_E4M3")
                .with(UP + suffix, shape, scales, "F32")
                .with("model.layers.0.mlp.up_proj.input_scale", List.of(1), scales(1), "F32")
                .config("torch_dtype", "bfloat16")
                .config(
                        "quantization_config",
                        shape.equals(List.of(4, 1))
                                ? Map.of("weight_block_size", List.of(16, 32))
                                : config);
    }

    private static int blockRows(List<Integer> shape) {
        return shape.getFirst() == 16 ? 4 : 16;
    }

    /// Values that FP8 holds.
    private static float[] stored() {
        float[] data = new float[ROWS * COLUMNS];
        for (int i = 0; i < data.length; i++) {
            data[i] = (i % 31 - 15) / 8f;
        }
        return data;
    }

    private static float[] scales(int n) {
        float[] scales = new float[n];
        for (int i = 0; i < n; i++) {
            scales[i] = 0.5f + i / 16f;
        }
        return scales;
    }

    private static String linear(String first) {
        return """
        merge_method: linear
        models:
          - {model: %s, parameters: {weight: 1}}
          - {model: ./B, parameters: {weight: 1}}
        """
                .formatted(first);
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }
}
