package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Outputs whose weights are quantised, end to end.
final class QuantisedOutputTest {
    private static final String LAYER = "model.layers.0.";
    private static final String UP = LAYER + "mlp.up_proj.weight";
    private static final String GATE = LAYER + "mlp.gate_proj.weight";
    private static final String SCALES = "_scale_inv";
    private static final String ROUTER = LAYER + "moe.gate.weight";

    @TempDir private Path folder;

    /// Values that are no small floats, different in each block.
    private static float[] values(int n, int seed) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = ((37L * i + 11 * seed) % 211 - 105) / 128f * (1 + i / 4096 % 5);
        }
        return x;
    }

    private static TinyModel model(int seed) {
        TinyModel model =
                TinyModel.of("LlamaForCausalLM", "llama")
                        .config("hidden_size", 128)
                        .config("num_hidden_layers", 1)
                        .config("torch_dtype", "bfloat16");
        model.with("model.embed_tokens.weight", List.of(256, 128), values(256 * 128, seed));
        model.with(UP, List.of(256, 128), values(256 * 128, seed + 1));
        model.with(GATE, List.of(256, 128), values(256 * 128, seed + 2));
        model.with(LAYER + "mlp.down_proj.weight", List.of(128, 256), values(128 * 256, seed + 3));
        model.with(LAYER + "self_attn.q_proj.weight", List.of(128, 128), values(16384, seed));
        model.with(LAYER + "self_attn.k_proj.weight", List.of(64, 128), values(8192, seed));
        model.with(LAYER + "self_attn.o_proj.weight", List.of(128, 100), values(12800, seed));
        model.with(ROUTER, List.of(128, 256), values(128 * 256, seed));
        model.with(LAYER + "input_layernorm.weight", List.of(128), values(128, seed));
        return model.with("lm_head.weight", List.of(256, 128), values(256 * 128, seed));
    }

    private static String linear(String rest) {
        return """
        merge_method: linear
        models: [{model: ./a}, {model: ./b}]
        parameters: {weight: 1}
        """
                + rest;
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }

    private void write(String dtype) {
        model(1).write(folder.resolve("a"), dtype);
        model(2).write(folder.resolve("b"), dtype);
    }

    @Test
    void matricesOfLinearLayersThatFillBlocksAreQuantised() {
        write("F32");

        Map<String, Values> out =
                new RecipeRun(folder).merge(linear("dtype: bfloat16\nout_dtype: float8_e4m3fn\n"));

        Map<String, String> dtypes = new RecipeRun(folder).dtypes();
        assertThat(dtypes)
                .containsEntry(UP, "F8_E4M3")
                .containsEntry(UP + SCALES, "F32")
                .containsEntry(GATE, "F8_E4M3")
                .containsEntry(LAYER + "mlp.down_proj.weight", "F8_E4M3")
                // 64 rows, and what loaders put together with them.
                .containsEntry(LAYER + "self_attn.k_proj.weight", "BF16")
                .containsEntry(LAYER + "self_attn.q_proj.weight", "BF16")
                .containsEntry(LAYER + "self_attn.o_proj.weight", "BF16")
                .containsEntry("lm_head.weight", "BF16")
                .containsEntry(ROUTER, "BF16")
                .containsEntry(LAYER + "input_layernorm.weight", "BF16")
                .hasSize(13);
        assertThat(out.get(UP + SCALES).shape()).containsExactly(2, 1);
        float[] a = values(256 * 128, 2);
        float[] b = values(256 * 128, 3);
        float[] scales = out.get(UP + SCALES).data();
        for (int block = 0; block < 2; block++) {
            double largest = 0;
            for (int i = block * 128 * 128; i < (block + 1) * 128 * 128; i++) {
                largest = Math.max(largest, Math.abs((a[i] + b[i]) / 2));
            }
            assertThat(scales[block]).isEqualTo((float) (largest / 448));
            for (int i = block * 128 * 128; i < (block + 1) * 128 * 128; i++) {
                double merged = (a[i] + b[i]) / 2;
                // Half of the last of four significant bits, or of the smallest subnormal.
                double most = Math.max(Math.abs(merged) / 16, scales[block] * 0x1p-10);
                assertThat((double) out.get(UP).data()[i] * scales[block])
                        .isCloseTo(merged, within(most * 1.0001));
            }
        }
    }

    @Test
    void configJsonSaysWhatLoadersReadAndWhichModulesAreAsTheyWere() {
        write("BF16");

        new RecipeRun(folder).merge(linear("out_dtype: float8_e4m3fn\n"));

        JsonNode settings = new RecipeRun(folder).config().path("quantization_config");
        assertThat(settings.path("quant_method").asString()).isEqualTo("fp8");
        assertThat(settings.path("fmt").asString()).isEqualTo("e4m3");
        assertThat(settings.path("activation_scheme").asString()).isEqualTo("dynamic");
        assertThat(settings.path("weight_block_size").toString()).isEqualTo("[128,128]");
        assertThat(settings.path("modules_to_not_convert").values())
                .extracting(JsonNode::asString)
                .containsExactly(
                        "lm_head",
                        "model.embed_tokens",
                        "model.layers.0.moe.gate",
                        "model.layers.0.self_attn.k_proj",
                        "model.layers.0.self_attn.o_proj",
                        "model.layers.0.self_attn.q_proj");
        assertThat(new RecipeRun(folder).config().path("torch_dtype").asString())
                .isEqualTo("bfloat16");
    }

    @Test
    void theErrorOfEachTensorIsInTheCardAndInAFile() throws Exception {
        write("BF16");

        Cli.Result result = run(linear("out_dtype: float8_e4m3fn\n"));

        assertThat(result.err()).contains("3 tensors quantised with a relative error of 0.02");
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains("### Quantisation", "`model.layers.*.mlp.up_proj.weight` | 1 | 0.02");
        JsonNode errors = new RecipeRun(folder).config("quantisation_errors.json");
        assertThat(errors).hasSize(3);
        assertThat(errors.path(0).path("tensor").asString()).startsWith(LAYER + "mlp.");
        assertThat(errors.path(0).path("relative_error").asDouble()).isBetween(0.01, 0.04);
        assertThat(errors.path(0).path("largest_difference").asDouble()).isBetween(0.01, 0.04);
    }

    @Test
    void theOutputIsReadAsTheNumbersThatItStandsFor() {
        write("F32");
        Map<String, Values> out = new RecipeRun(folder).merge(linear("out_dtype: float8_e4m3fn\n"));

        Map<String, Values> again =
                new RecipeRun(folder, "again")
                        .merge(
                                """
                                merge_method: linear
                                models: [{model: ./out, parameters: {weight: 1}}]
                                dtype: float32
                                """);

        float[] read = again.get(UP).data();
        for (int i = 0; i < read.length; i++) {
            float scale = out.get(UP + SCALES).data()[i / (128 * 128)];
            assertThat(read[i]).isEqualTo(out.get(UP).data()[i] * scale);
        }
        assertThat(again).hasSize(10);
    }

    @Test
    void theBytesAreTheSameOnAnyNumberOfThreads() throws Exception {
        write("BF16");
        String recipe =
                """
                merge_method: ties
                base_model: ./a
                models: [{model: ./b}]
                parameters: {weight: 1, density: 0.5}
                out_dtype: float8_e4m3fn
                """;
        for (String threads : List.of("1", "5")) {
            Cli.Result result =
                    new RecipeRun(folder, "of" + threads).run(recipe, "--num-threads", threads);
            assertThat(result.code()).as(result.err()).isZero();
        }

        for (String file : List.of("model.safetensors", "quantisation_errors.json")) {
            assertThat(Files.mismatch(folder.resolve("of1/" + file), folder.resolve("of5/" + file)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void aPlanThatWasSavedGivesTheSameBytes() throws Exception {
        write("BF16");
        String recipe = linear("out_dtype: float8_e4m3fn\n");
        new RecipeRun(folder).merge(recipe);
        Cli.Result plan = new RecipeRun(folder, "x").run(recipe, "--dry-run", "--format", "json");

        assertThat(plan.out())
                .contains("\"is\":\"quantised_values\"", "\"is\":\"quantised_scales\"")
                .isEqualTo(
                        new RecipeRun(folder, "x")
                                .run(recipe, "--dry-run", "--format", "json")
                                .out());
    }

    @Test
    void theListingShowsHowATensorIsMergedBeforeItIsQuantised() {
        write("BF16");

        Cli.Result plan = run(linear("out_dtype: float8_e4m3fn\n"), "--dry-run");

        assertThat(plan.out())
                .contains(
                        "3 tensors are quantised as F8_E4M3 with a scale for each block of 128 x 128",
                        UP
                                + " F8_E4M3 [256, 128] quantised in blocks of [128, 128]\n"
                                + "    ./a: "
                                + UP
                                + " BF16 weight=1",
                        UP + "_scale_inv F32 [2, 1] scales of blocks of [128, 128]",
                        "quantization_config of fp8",
                        "10 tensors merged, 0 copied");
    }

    @Test
    void nanInAnInputIsCountedOnce() throws Exception {
        TinyModel a = model(1);
        a.data(UP)[300] = Float.NaN;
        a.write(folder.resolve("a"), "F32");
        model(2).write(folder.resolve("b"), "F32");

        Cli.Result result = run(linear("out_dtype: float8_e4m3fn\n"));

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("'" + UP + "' (1 of its values)");
        assertThat(Files.readString(folder.resolve("out/README.md")))
                .contains("1 values in 1 tensors are NaN or infinite");
        Map<String, Values> out = TinyModel.read(folder.resolve("out"));
        // The fixture reads the code of NaN so.
        assertThat(out.get(UP).data()[300]).isEqualTo(480);
        assertThat(out.get(UP + SCALES).data()[0]).isFinite();
    }

    @Test
    void aModelWithNothingToQuantiseIsRefused() {
        TinyModel.llama(1, 24, false, 0).write(folder.resolve("a"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("b"), "BF16");

        Cli.Result result = run(linear("out_dtype: float8_e4m3fn\n"));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("no tensor can be quantised", "multiples of 128", "out_dtype: bfloat16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtype: float8_e4m3fn", "out_dtype: float8_e5m2"})
    void eightBitsForAllTensorsAreRefused(String line) {
        write("BF16");

        Cli.Result result = run(linear(line + "\n"));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("not all tensors of a model can be stored in eight bits")
                .contains("'out_dtype: float8_e4m3fn' writes linear layers in FP8");
    }

    @Test
    void anUnknownOutDtypeIsAnsweredWithAllThatThereAre() {
        write("BF16");

        Cli.Result result = run(linear("out_dtype: float8_e4m3\n"));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("did you mean 'float8_e4m3fn'", "float8_e4m3fn, mxfp4 or keep");
    }

    @ParameterizedTest
    @CsvSource({"F32, 2, 1, _scale_inv", "BF16, 256, 1, _scale", "F32, 1, 1, _scale"})
    void keepQuantisesWhatTheFirstModelHasQuantised(
            String dtype, int rows, int columns, String suffix) {
        float[] scales = new float[rows * columns];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (i % 7 + 1) / 64f;
        }
        model(1).with(UP, List.of(256, 128), whole(256 * 128), "F8_E4M3")
                .with(UP + suffix, List.of(rows, columns), scales, dtype)
                .config(
                        "quantization_config",
                        Map.of("quant_method", "fp8", "activation_scheme", "dynamic"))
                .write(folder.resolve("a"), "BF16");
        model(2).write(folder.resolve("b"), "F32");

        Map<String, Values> out = new RecipeRun(folder).merge(linear("out_dtype: keep\n"));

        Map<String, String> dtypes = new RecipeRun(folder).dtypes();
        assertThat(dtypes)
                .containsEntry(UP, "F8_E4M3")
                .containsEntry(UP + suffix, dtype)
                .containsEntry(GATE, "BF16")
                .containsEntry("lm_head.weight", "BF16")
                .hasSize(11);
        assertThat(out.get(UP + suffix).shape()).containsExactly(rows, columns);
        float[] b = values(256 * 128, 3);
        int height = 256 / rows;
        for (int i = 0; i < b.length; i++) {
            int block = i / 128 / height;
            double merged = (whole(256 * 128)[i] * scales[block] + b[i]) / 2.0;
            double scale = out.get(UP + suffix).data()[block];
            assertThat(out.get(UP).data()[i] * scale)
                    .isCloseTo(merged, within(Math.max(Math.abs(merged) / 15, scale * 0x1p-9)));
        }
        JsonNode settings = new RecipeRun(folder).config().path("quantization_config");
        assertThat(settings.toString())
                .contains("\"quant_method\":\"fp8\"")
                .doesNotContain("modules_to_not_convert");
    }

    private static float[] whole(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = i % 13 - 6;
        }
        return x;
    }

    @Test
    void keepCopiesWhatIsOnlyCopiedByteForByte() {
        model(1).with(UP, List.of(256, 128), whole(256 * 128), "F8_E4M3")
                .with(UP + SCALES, List.of(2, 1), new float[] {0.3f, 0.7f}, "F32")
                .config("quantization_config", Map.of("quant_method", "fp8"))
                .write(folder.resolve("a"), "BF16");

        Map<String, Values> out =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: passthrough
                                models: [{model: ./a}]
                                out_dtype: keep
                                """);

        assertThat(out.get(UP).data()).isEqualTo(whole(256 * 128));
        assertThat(out.get(UP + SCALES).data()).containsExactly(0.3f, 0.7f);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isTrue();
        assertThat(folder.resolve("out/quantisation_errors.json")).doesNotExist();
    }

    @Test
    void keepWithAnActivationScaleIsRefusedSinceThatWasMeasured() {
        model(1).with(UP, List.of(256, 128), whole(256 * 128), "F8_E4M3")
                .with(UP + SCALES, List.of(2, 1), new float[] {1, 1}, "F32")
                .with(LAYER + "mlp.up_proj.input_scale", List.of(1), new float[] {1}, "F32")
                .config("quantization_config", Map.of("quant_method", "fp8"))
                .write(folder.resolve("a"), "BF16");
        model(2).write(folder.resolve("b"), "BF16");

        Cli.Result result = run(linear("out_dtype: keep\n"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "cannot be quantised as it was",
                        "mlp.up_proj.input_scale",
                        "choose a float 'out_dtype' such as bfloat16");
    }
}
