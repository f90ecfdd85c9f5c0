package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Experts written in MXFP4, end to end.
final class MicroscaledOutputTest {
    private static final String EXPERTS = "model.layers.0.mlp.experts.";
    private static final String DOWN = EXPERTS + "down_proj";
    private static final String UP = EXPERTS + "gate_up_proj";
    private static final int COUNT = 2;
    private static final int HIDDEN = 32;
    private static final int INNER = 64;
    private static final float[] CODES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

    @TempDir private Path folder;

    /// Codes times powers of two, of which each block of 32 inputs has the largest code.
    private static float[] exact(int outputs, int inputs, int seed) {
        float[] x = new float[COUNT * outputs * inputs];
        for (int i = 0; i < x.length; i++) {
            int block = i / 32;
            float value = i % 32 == 5 ? 6 : CODES[(7 * i + 3 * block + seed) % 8];
            x[i] = Math.scalb(i % 3 == 0 ? -value : value, block % 5 - 3);
        }
        return x;
    }

    private static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            int matrix = i / (rows * columns);
            int row = i / columns % rows;
            y[matrix * rows * columns + i % columns * rows + row] = x[i];
        }
        return y;
    }

    private static TinyModel model(int seed, float scale) {
        float[] up = exact(2 * INNER, HIDDEN, seed);
        float[] down = exact(HIDDEN, INNER, seed + 1);
        for (float[] x : List.of(up, down)) {
            for (int i = 0; i < x.length; i++) {
                x[i] *= scale;
            }
        }
        return plain(seed)
                .with(UP, List.of(COUNT, HIDDEN, 2 * INNER), transposed(up, 2 * INNER, HIDDEN))
                .with(DOWN, List.of(COUNT, INNER, HIDDEN), transposed(down, HIDDEN, INNER));
    }

    private static TinyModel plain(int seed) {
        TinyModel model =
                TinyModel.llama(1, 8, true, seed)
                        .config("model_type", "gpt_oss")
                        .config("architectures", List.of("GptOssForCausalLM"))
                        .config("torch_dtype", "bfloat16")
                        .config("num_local_experts", COUNT);
        for (String part : List.of("gate", "up", "down")) {
            model.without("model.layers.0.mlp." + part + "_proj.weight");
        }
        return model.with(DOWN + "_bias", List.of(COUNT, HIDDEN), new float[COUNT * HIDDEN])
                .with(UP + "_bias", List.of(COUNT, 2 * INNER), new float[COUNT * 2 * INNER]);
    }

    private static String recipe(String method) {
        String base = method.equals("linear") ? "" : "base_model: ./a\n";
        return """
        merge_method: %s
        %smodels: [{model: ./a}, {model: ./b}]
        parameters: {weight: 1, density: 0.5}
        """
                .formatted(method, base)
                .replace(method.equals("linear") ? ", density: 0.5" : "\0", "");
    }

    /// What the stored blocks stand for, `[out, in]` for each expert.
    private static float[] decoded(Map<String, Values> out, String name) {
        float[] bytes = out.get(name + "_blocks").data();
        float[] scales = out.get(name + "_scales").data();
        float[] x = new float[2 * bytes.length];
        for (int i = 0; i < x.length; i++) {
            int code = (int) bytes[i / 2] >> 4 * (i % 2) & 15;
            float magnitude = Math.scalb(CODES[code & 7], (int) scales[i / 32] - 127);
            x[i] = code > 7 ? -magnitude : magnitude;
        }
        return x;
    }

    @Test
    void keepWritesMergedExpertsAsTheFirstModelHasThem() {
        model(1, 1).write(folder.resolve("plain"), "BF16");
        new RecipeRun(folder, "a")
                .merge("{merge_method: passthrough, models: [{model: ./plain}], out_dtype: mxfp4}");
        model(4, 1.01f).write(folder.resolve("b"), "BF16");
        model(1, 1).write(folder.resolve("c"), "BF16");

        Map<String, Values> out = new RecipeRun(folder).merge(recipe("ties") + "out_dtype: keep\n");
        new RecipeRun(folder, "wide")
                .merge(recipe("ties").replace("./a", "./c") + "out_dtype: mxfp4\n");

        assertThat(new RecipeRun(folder).config().path("quantization_config"))
                .isEqualTo(TinyModel.readConfig(folder.resolve("a")).path("quantization_config"));
        assertThat(out.keySet()).isEqualTo(TinyModel.read(folder.resolve("a")).keySet());
        Map<String, Values> wide = TinyModel.read(folder.resolve("wide"));
        for (String name : List.of(UP, DOWN)) {
            assertThat(decoded(out, name)).containsExactly(decoded(wide, name));
        }
    }

    @Test
    void keepCopiesExpertsThatOneModelAloneHasByteForByte() {
        model(1, 1).write(folder.resolve("plain"), "BF16");
        new RecipeRun(folder, "a")
                .merge("{merge_method: passthrough, models: [{model: ./plain}], out_dtype: mxfp4}");
        model(2, 1).write(folder.resolve("b"), "BF16");

        Map<String, Values> out =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: linear
                                parameters: {weight: 1}
                                slices:
                                  - sources: [{model: ./a, layer_range: [0, 1]}]
                                  - sources:
                                    - {model: ./a, layer_range: [0, 1], parameters: {weight: 1}}
                                    - {model: ./b, layer_range: [0, 1], parameters: {weight: 1}}
                                out_dtype: keep
                                """);

        Map<String, Values> a = TinyModel.read(folder.resolve("a"));
        for (String name : List.of(UP + "_blocks", UP + "_scales", DOWN + "_blocks")) {
            assertThat(out.get(name).data()).containsExactly(a.get(name).data());
            assertThat(out.get(name.replace("layers.0", "layers.1")).shape())
                    .isEqualTo(a.get(name).shape());
        }
    }

    @Test
    void expertsThatFitAreWrittenExactlyInRowsOfTheirMatrices() {
        model(1, 1).write(folder.resolve("a"), "BF16");

        Map<String, Values> out =
                new RecipeRun(folder)
                        .merge(
                                """
                                merge_method: passthrough
                                models: [{model: ./a}]
                                out_dtype: mxfp4
                                """);

        assertThat(out.get(UP + "_blocks").shape()).containsExactly(COUNT, 2 * INNER, 1, 16);
        assertThat(out.get(UP + "_scales").shape()).containsExactly(COUNT, 2 * INNER, 1);
        assertThat(out.get(DOWN + "_blocks").shape()).containsExactly(COUNT, HIDDEN, 2, 16);
        assertThat(decoded(out, UP)).containsExactly(exact(2 * INNER, HIDDEN, 1));
        assertThat(decoded(out, DOWN)).containsExactly(exact(HIDDEN, INNER, 2));
        assertThat(out).doesNotContainKeys(UP, DOWN).containsKeys(UP + "_bias", DOWN + "_bias");
        JsonNode settings = new RecipeRun(folder).config().path("quantization_config");
        assertThat(settings.path("quant_method").asString()).isEqualTo("mxfp4");
        assertThat(settings.path("modules_to_not_convert").values())
                .extracting(JsonNode::asString)
                .containsExactly(
                        "model.layers.*.self_attn",
                        "model.layers.*.mlp.router",
                        "model.embed_tokens",
                        "lm_head");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "ties", "dare_linear"})
    void whatIsMergedIsQuantisedFromMoreDigitsThanBfloat16Has(String method) throws Exception {
        model(1, 1).write(folder.resolve("a"), "F32");
        model(4, 1.01f).write(folder.resolve("b"), "F32");
        Map<String, Values> exact =
                new RecipeRun(folder, "exact").merge(recipe(method) + "out_dtype: float32\n");
        Map<String, Values> out =
                new RecipeRun(folder).merge(recipe(method) + "dtype: bfloat16\nout_dtype: mxfp4\n");

        float[] merged = transposed(exact.get(UP).data(), HIDDEN, 2 * INNER);
        float[] quantised = decoded(out, UP);
        float[] scales = out.get(UP + "_scales").data();
        for (int i = 0; i < merged.length; i++) {
            float scale = Math.scalb(1f, (int) scales[i / 32] - 127);
            float x = merged[i] / scale;
            float nearest = 9;
            for (float code : CODES) {
                nearest = Math.min(nearest, Math.abs(Math.abs(x) - code));
            }
            assertThat(Math.abs(quantised[i] / scale - x)).as(method + i).isEqualTo(nearest);
        }
        assertThat(Files.readString(folder.resolve("out/README.md"))).contains("Quantisation");
    }

    @Test
    void otherModelsAreRefused() {
        TinyModel.llama(1, 24, false, 0).write(folder.resolve("a"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("b"), "BF16");

        Cli.Result result = new RecipeRun(folder).run(recipe("linear") + "out_dtype: mxfp4\n");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("a first model of type gpt_oss", "llama", "out_dtype: float8_e4m3fn");
    }
}
