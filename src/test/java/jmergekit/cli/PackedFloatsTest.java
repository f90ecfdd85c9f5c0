package jmergekit.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RawFile;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.SmallFloats;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Models whose weights are floats of four bits, end to end, against values worked out in float64.
final class PackedFloatsTest {
    private static final String MODULE = "model.layers.0.mlp.up_proj";
    private static final String UP = MODULE + ".weight";
    private static final int ROWS = 64;
    private static final int COLUMNS = 32;

    @TempDir private Path folder;

    /// How checkpoints lay them out. A global scale multiplies, or divides where it is negative.
    private enum Layout {
        GPT_OSS(UP + "_blocks", "U8", UP + "_scales", "U8", 32, "", "mxfp4"),
        DEEPSEEK(UP, "I8", MODULE + ".scale", "F8_E8M0", 32, "", "fp8"),
        DEEPSEEK_IN_FLOATS(UP, "I8", UP + "_scale_inv", "F32", 32, "", "fp8"),
        BYTES(UP, "U8", UP + "_scale", "U8", 32, "", ""),
        PAIRS(UP, "F4", UP + "_scale", "F8_E8M0", 32, "", ""),
        COMPRESSED_MX(UP + "_packed", "U8", UP + "_scale", "U8", 32, "", "compressed-tensors"),
        MODEL_OPT(UP, "U8", UP + "_scale", "F8_E4M3", 16, UP + "_scale_2", "modelopt"),
        COMPRESSED_NV(
                UP + "_packed",
                "U8",
                UP + "_scale",
                "F8_E4M3",
                16,
                UP + "_global_scale",
                "compressed-tensors");

        private final String weight;
        private final String dtype;
        private final String scale;
        private final String scaleDtype;
        private final int block;
        private final String global;
        private final String method;

        Layout(
                String weight,
                String dtype,
                String scale,
                String scaleDtype,
                int block,
                String global,
                String method) {
            this.weight = weight;
            this.dtype = dtype;
            this.scale = scale;
            this.scaleDtype = scaleDtype;
            this.block = block;
            this.global = global;
            this.method = method;
        }

        private Stream<String> names() {
            return Stream.of(weight, scale, global).filter(n -> !n.isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNumbersThatTheyStandForAreMerged(Layout layout) {
        float[] numbers = write(layout, "A", 1);
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: linear
                        models:
                          - {model: ./A, parameters: {weight: 1}}
                          - {model: ./B, parameters: {weight: 0}}
                        dtype: float32
                        """);

        assertThat(out.get(UP).shape()).containsExactly(ROWS, COLUMNS);
        for (int i = 0; i < numbers.length; i++) {
            // Zeros of either sign are equal.
            assertThat(out.get(UP).data()[i] == numbers[i]).as("element %d", i).isTrue();
        }
        assertThat(out).hasSize(12);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void twoModelsOfOneLayoutAreMerged(Layout layout) {
        float[] first = write(layout, "A", 1);
        float[] second = write(layout, "B", 2);

        Map<String, Values> out =
                merge(
                        """
                        merge_method: task_arithmetic
                        base_model: ./A
                        models: [{model: ./B, parameters: {weight: 0.5}}]
                        dtype: float32
                        """);

        for (int i = 0; i < first.length; i++) {
            float expected = first[i] + (second[i] - first[i]) * 0.5f;
            assertThat(out.get(UP).data()[i]).isEqualTo(expected);
        }
        assertThat(out).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource
    void passthroughCopiesWhatIsStored(Layout layout) {
        write(layout, "A", 1);

        Map<String, Values> out = merge("merge_method: passthrough\nmodels: [{model: ./A}]\n");

        Map<String, Values> stored = TinyModel.read(folder.resolve("A"));
        assertThat(out.keySet()).isEqualTo(stored.keySet());
        layout.names().forEach(n -> assertThat(out.get(n).data()).isEqualTo(stored.get(n).data()));
        assertThat(new RecipeRun(folder).dtypes())
                .containsEntry(layout.weight, layout.dtype)
                .containsEntry(layout.scale, layout.scaleDtype);
        assertThat(new RecipeRun(folder).config().has("quantization_config"))
                .isEqualTo(!layout.method.isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void aStackWithLayersOfAPlainModelHoldsNumbers(Layout layout) {
        float[] numbers = write(layout, "A", 1);
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: passthrough
                        dtype: float32
                        slices:
                          - sources: [{model: ./A}]
                          - sources: [{model: ./B}]
                        """);

        assertThat(out.get(UP).data()).containsExactly(numbers);
        assertThat(out).hasSize(21);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void passthroughWithAFactorComputes() {
        float[] numbers = write(Layout.DEEPSEEK, "A", 1);

        Map<String, Values> out =
                merge(
                        """
                        merge_method: passthrough
                        models: [{model: ./A}]
                        dtype: float32
                        parameters: {scale: [{filter: down_proj, value: 0.5}, {value: 1}]}
                        """);

        assertThat(out.get(UP).data()).containsExactly(numbers);
        assertThat(out).hasSize(12);
    }

    @ParameterizedTest
    @CsvSource({"63, 1", "64, 2", "1, 1", "64, 0"})
    void scalesThatDoNotFitAreRefused(int rows, int columns) {
        model(Layout.DEEPSEEK, 1)
                .with(
                        MODULE + ".scale",
                        List.of(rows, columns),
                        new float[rows * columns],
                        "F8_E8M0")
                .write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Cli.Result result = run();

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "'%s' [64, 16] has scales '%s.scale' [%d, %d]"
                                .formatted(UP, MODULE, rows, columns));
    }

    @ParameterizedTest
    @EnumSource
    void scalesThatAreMissingAreRefused(Layout layout) {
        TinyModel model = model(layout, 1).without(layout.scale);
        model.write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Cli.Result result = run();

        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.err()).contains(UP);
    }

    @ParameterizedTest
    @CsvSource({"F8_E8M0", "F8_E5M2"})
    void whatIsNoWeightButOnlyCopiedIsTakenFromTheBase(String dtype) {
        for (String name : List.of("A", "B")) {
            TinyModel.llama(1, 24, false, 1)
                    .with("model.other", List.of(4), new float[] {1, 2, 3, 255}, dtype)
                    .write(folder.resolve(name), "BF16");
        }

        Cli.Result result = run();

        assertThat(result.code()).as(result.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"F4, 8", "F6_E2M3, 12", "F6_E3M2, 12", "F8_E4M3FNUZ, 16", "C64, 128"})
    void passthroughCopiesWhatIsNotComputedWith(String dtype, int bytes) throws IOException {
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("A"), "BF16");
        RawFile.write(
                folder.resolve("A/model.safetensors"),
                "{\"model.norm.weight\":%s,\"%s\":%s}"
                        .formatted(
                                RawFile.entry("F32", "[1]", 0, 4),
                                UP,
                                RawFile.entry(dtype, "[2,8]", 4, 4 + bytes)),
                4 + bytes);

        Cli.Result result =
                new RecipeRun(folder).run("merge_method: passthrough\nmodels: [{model: ./A}]\n");

        assertThat(result.code()).as(result.err()).isZero();
        byte[] stored = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            stored[i] = (byte) (4 + i);
        }
        assertThat(Files.readString(folder.resolve("out/model.safetensors"), ISO_8859_1))
                .contains("{\"dtype\":\"%s\",\"shape\":[2,8]".formatted(dtype))
                .contains(new String(stored, ISO_8859_1));
    }

    @ParameterizedTest
    @EnumSource
    void anAdapterIsAddedToTheNumbersThatTheyStandFor(Layout layout) {
        float[] numbers = write(layout, "A", 1);
        adapter(MODULE, ROWS, COLUMNS);

        Map<String, Values> out =
                merge(
                        """
                        merge_method: passthrough
                        models: [{model: ./A+./ad}]
                        dtype: float32
                        """);

        double[] product = product(MODULE);
        for (int i = 0; i < numbers.length; i++) {
            assertThat(out.get(UP).data()[i]).isEqualTo((float) (numbers[i] + product[i]));
        }
        assertThat(out).hasSize(12);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @Test
    void packedWeightsThatAnAdapterLeavesAloneStayPacked() {
        write(Layout.DEEPSEEK, "A", 1);
        adapter("model.layers.0.self_attn.q_proj", 32, 32);

        merge("merge_method: passthrough\nmodels: [{model: ./A+./ad}]\n");

        assertThat(new RecipeRun(folder).dtypes()).containsEntry(UP, "I8");
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isTrue();
    }

    @Test
    void anAdapterOfAnotherShapeIsRefusedWithTheShapeOfTheNumbers() {
        write(Layout.DEEPSEEK, "A", 1);
        adapter(MODULE, ROWS, COLUMNS / 2);

        Cli.Result result =
                new RecipeRun(folder)
                        .run("merge_method: passthrough\nmodels: [{model: ./A+./ad}]\n");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("for the model's [64, 32], which do not fit");
    }

    @Test
    void zeroPointsAreRefused() {
        model(Layout.COMPRESSED_NV, 1)
                .with(UP + "_zero_point", List.of(ROWS, 2), new float[2 * ROWS], "I8")
                .write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Cli.Result result = run();

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("has zero points '%s_zero_point'".formatted(UP))
                .contains("4-bit floats cannot have");
    }

    @ParameterizedTest
    @CsvSource({"COMPRESSED_NV, .input_global_scale", "MODEL_OPT, .input_scale"})
    void scalesOfActivationsAreLeftOutAndSaidTo(Layout layout, String ending) {
        model(layout, 1)
                .with(MODULE + ending, List.of(1), new float[] {2}, "F32")
                .write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");

        Cli.Result result = run("--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("./A: activation scales are left out")
                .contains("(1, '%s%s' first)".formatted(MODULE, ending));
    }

    // Both have the same names, and one configuration cannot describe both.
    @Test
    void aStackOfTwoLayoutsHoldsNumbers() {
        float[] mx = write(Layout.COMPRESSED_MX, "A", 1);
        TinyModel nv = model(Layout.COMPRESSED_NV, 2);
        nv.without(UP + "_global_scale").write(folder.resolve("B"), "BF16");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: passthrough
                        dtype: float32
                        slices:
                          - sources: [{model: ./A}]
                          - sources: [{model: ./B}]
                        """);

        assertThat(out.get(UP).data()).containsExactly(mx);
        assertThat(out.get(UP.replace(".0.", ".1.")).shape()).containsExactly(ROWS, COLUMNS);
        assertThat(out).hasSize(21);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"F4", "F8_E4M3FNUZ"})
    void whatIsOnlyCopiedIsNotMergedWithNumbers(String dtype) {
        TinyModel.llama(1, 24, false, 1)
                .with(UP, List.of(ROWS, COLUMNS), new float[ROWS * COLUMNS], dtype)
                .write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 24, false, 1)
                .with(UP, List.of(ROWS, COLUMNS), new float[ROWS * COLUMNS], "BF16")
                .write(folder.resolve("B"), "BF16");

        Cli.Result result = run();

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "tensor '%s' is stored as %s, which can only be copied"
                                .formatted(UP, dtype));
    }

    @Test
    void anAdapterIsNotAddedToWhatIsOnlyCopied() {
        TinyModel.llama(1, 24, false, 1)
                .with(UP, List.of(ROWS, COLUMNS), new float[ROWS * COLUMNS], "F8_E4M3FNUZ")
                .write(folder.resolve("A"), "BF16");
        adapter(MODULE, ROWS, COLUMNS);

        Cli.Result result =
                new RecipeRun(folder)
                        .run("merge_method: passthrough\nmodels: [{model: ./A+./ad}]\n");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "changes floating-point values, but the model stores them as F8_E4M3FNUZ");
    }

    @Test
    void anExpertLayoutThatChangesNothingIsSaidTo() {
        write(Layout.DEEPSEEK, "A", 1);
        TinyModel.llama(1, 24, false, 1).write(folder.resolve("B"), "BF16");
        String copy = "merge_method: passthrough\nmodels: [{model: ./%s}]\n";

        Cli.Result packed =
                new RecipeRun(folder).run(copy.formatted("A"), "--expert-layout", "split");
        Cli.Result none =
                new RecipeRun(folder)
                        .run(copy.formatted("B"), "--expert-layout", "split", "--overwrite");

        assertThat(packed.code()).as(packed.err()).isZero();
        assertThat(packed.err()).contains("--expert-layout: the experts of './A' stay packed");
        assertThat(none.code()).as(none.err()).isZero();
        assertThat(none.err()).contains("--expert-layout: no experts are recognised in './B'");
    }

    private void adapter(String module, int rows, int columns) {
        new TinyAdapter(2, 2).factors(module, 2, rows, columns).write(folder.resolve("ad"), "F32");
    }

    private static double[] product(String module) {
        return new TinyAdapter(2, 2).factors(module, 2, ROWS, COLUMNS).product(module);
    }

    private float[] write(Layout layout, String name, int seed) {
        TinyModel model = model(layout, seed);
        model.write(folder.resolve(name), "BF16");
        float[] codes = codes(layout, model.data(layout.weight));
        float[] scales = model.data(layout.scale);
        IntToDoubleFunction scale =
                i ->
                        layout.scaleDtype.equals("U8") || layout.scaleDtype.equals("F8_E8M0")
                                ? SmallFloats.e8m0((int) scales[i])
                                : scales[i];
        double factor = layout.global.isEmpty() ? 1 : model.data(layout.global)[0];
        factor = layout == Layout.COMPRESSED_NV ? 1 / factor : factor;
        float[] numbers = new float[ROWS * COLUMNS];
        for (int i = 0; i < numbers.length; i++) {
            double code = SmallFloats.e2m1((int) codes[i]);
            // The global scales are powers of two, so that float64 is exact.
            numbers[i] = (float) (code * scale.applyAsDouble(i / layout.block) * factor);
        }
        return numbers;
    }

    // One to an element.
    private static float[] codes(Layout layout, float[] stored) {
        if (layout == Layout.PAIRS) {
            return stored;
        }
        float[] codes = new float[2 * stored.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (int) stored[i / 2] >> i % 2 * 4 & 15;
        }
        return codes;
    }

    private static TinyModel model(Layout layout, int seed) {
        Random random = new Random(seed);
        boolean signed = layout.dtype.equals("I8");
        float[] codes = new float[ROWS * COLUMNS / 2];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.nextInt(256) - (signed ? 128 : 0);
        }
        if (layout == Layout.PAIRS) {
            codes = codes(Layout.BYTES, codes);
        }
        float[] scales = new float[ROWS * COLUMNS / layout.block];
        for (int i = 0; i < scales.length; i++) {
            scales[i] =
                    switch (layout.scaleDtype) {
                        case "F32" -> (float) Math.pow(2, random.nextInt(9) - 4);
                        case "F8_E4M3" -> (float) SmallFloats.e4m3(random.nextInt(127));
                        default -> 110 + random.nextInt(30);
                    };
        }
        List<Integer> shape = new ArrayList<>(List.of(ROWS, COLUMNS / 2));
        List<Integer> scaleShape = new ArrayList<>(List.of(ROWS, COLUMNS / layout.block));
        if (layout == Layout.PAIRS) {
            shape.set(1, COLUMNS);
        }
        if (layout == Layout.GPT_OSS) {
            shape.add(1, COLUMNS / 32);
        }
        TinyModel model =
                TinyModel.llama(1, 24, false, 0)
                        .without(UP)
                        .with(layout.weight, shape, codes, layout.dtype)
                        .with(layout.scale, scaleShape, scales, layout.scaleDtype)
                        .config("torch_dtype", "bfloat16");
        if (!layout.global.isEmpty()) {
            model.with(layout.global, List.of(1), new float[] {0.125f}, "F32");
        }
        if (!layout.method.isEmpty()) {
            model.config(
                    "quantization_config",
                    Map.of(
                            "quant_method",
                            layout.method,
                            "format",
                            layout.method.equals("compressed-tensors")
                                    ? "float-quantized"
                                    : "fp4"));
        }
        return model;
    }

    private Cli.Result run(String... options) {
        return new RecipeRun(folder)
                .run(
                        """
                        merge_method: linear
                        models:
                          - {model: ./A, parameters: {weight: 1}}
                          - {model: ./B, parameters: {weight: 1}}
                        """,
                        options);
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }
}
