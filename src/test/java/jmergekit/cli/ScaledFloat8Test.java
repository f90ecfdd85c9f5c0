package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.SmallFloats;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// FP8 tensors with scales of every form, against values worked out in float64.
final class ScaledFloat8Test {
    private static final String NAME = "model.layers.0.mlp.experts.up_proj";

    @TempDir private Path folder;

    // Tensor, scales, and the rows and columns of a block.
    @ParameterizedTest
    @CsvSource({
        "F8_E4M3, F32, 300 260, 3 3, 128, 128",
        "F8_E4M3, F32, 64 96, 2 3, 32, 32",
        "F8_E4M3, F8_E8M0, 5 96, 5 3, 1, 32",
        "F8_E4M3, U8, 5 96, 5 3, 1, 32",
        "F8_E5M2, U8, 200 300, 2 3, 128, 128",
        "F8_E5M2, F32, 3 300, 3 3, 1, 128",
        "F8_E4M3, F32, 7 9, 7 1, 1, 9",
        "F8_E4M3, F32, 7 9, 7, 1, 9",
        "F8_E4M3, F8_E8M0, 7 9, 1, 7, 9",
        "F8_E4M3, F32, 3 200 160, 3 2 2, 128, 128",
        "F8_E4M3, F8_E8M0, 2 130 140, 2 2 2, 128, 128",
        "F8_E4M3, F32, 3 5 7, 3, 5, 7",
        "F8_E5M2, F32, 3 5 7, 3 1 1, 5, 7",
        "F8_E4M3, F32, 3 5 7, 3 5 1, 1, 7",
        "F8_E4M3, F32, 3 5 7, 3 5, 1, 7",
        "F8_E4M3, F32, 3 5 7, 3 1 7, 5, 1",
        "F8_E4M3, F32, 2 6 64, 2 6 2, 1, 32",
    })
    void everyElementIsMultipliedByTheScaleOfItsBlock(
            String dtype,
            String scaleDtype,
            String shapeText,
            String scaleText,
            int blockRows,
            int blockColumns) {
        List<Integer> shape = sizes(shapeText);
        List<Integer> scaleShape = sizes(scaleText);
        Random random = new Random(3);
        int[] codes = bytes(random, product(shape));
        int[] scales = bytes(random, product(scaleShape));
        write(dtype, shape, codes, scaleDtype, scaleShape, scales);
        plain(shape);

        Map<String, Values> out = new RecipeRun(folder).merge(RECIPE);

        int rows = shape.get(shape.size() - 2);
        int columns = shape.getLast();
        int high = (rows + blockRows - 1) / blockRows;
        int wide = (columns + blockColumns - 1) / blockColumns;
        float[] read = out.get(NAME).data();
        for (int i = 0; i < codes.length; i++) {
            int row = i / columns % rows;
            int block =
                    (i / columns / rows * high + row / blockRows) * wide
                            + i % columns / blockColumns;
            float value = (float) (value(dtype, codes[i]) * value(scaleDtype, scales[block]));
            assertThat(read[i]).as("element %d", i).isEqualTo(value);
        }
        assertThat(out).hasSize(13);
        assertThat(new RecipeRun(folder).config().has("quantization_config")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "F32, 64 96, 3 3",
        "F32, 64 96, 5 3",
        "F32, 64 96, 96",
        "U8, 64 96, 64 4",
        "F32, 3 5 7, 5 7",
        "F32, 3 5 7, 7",
        "F32, 64 96, 64 0",
        "F8_E4M3, 64 96, 64 1",
        "I32, 64 96, 64 1",
    })
    void scalesThatDoNotFitAreRefused(String scaleDtype, String shapeText, String scaleText) {
        List<Integer> shape = sizes(shapeText);
        List<Integer> scaleShape = sizes(scaleText);
        write(
                "F8_E4M3",
                shape,
                new int[product(shape)],
                scaleDtype,
                scaleShape,
                new int[product(scaleShape)]);
        plain(shape);

        Cli.Result result = new RecipeRun(folder).run(RECIPE);

        assertThat(result.code()).as(result.err()).isEqualTo(3);
        assertThat(result.err()).contains("'" + NAME + "' " + shape + " has scales " + scaleShape);
    }

    private static final String RECIPE =
            """
            merge_method: linear
            models:
              - {model: ./A, parameters: {weight: 1}}
              - {model: ./B, parameters: {weight: 0}}
            dtype: float32
            """;

    private void write(
            String dtype,
            List<Integer> shape,
            int[] codes,
            String scaleDtype,
            List<Integer> scaleShape,
            int[] scales) {
        TinyModel.llama(1, 24, false, 0)
                .with(NAME, shape, stored(dtype, codes), dtype)
                .with(NAME + "_scale_inv", scaleShape, stored(scaleDtype, scales), scaleDtype)
                .config("quantization_config", Map.of("quant_method", "fp8"))
                .write(folder.resolve("A"), "BF16");
    }

    private void plain(List<Integer> shape) {
        TinyModel.llama(1, 24, false, 1)
                .with(NAME, shape, new float[product(shape)])
                .write(folder.resolve("B"), "BF16");
    }

    // Files take the bits of some dtypes and the values of others.
    private static float[] stored(String dtype, int[] codes) {
        float[] stored = new float[codes.length];
        for (int i = 0; i < stored.length; i++) {
            boolean values = dtype.equals("F32") || dtype.equals("F8_E4M3");
            stored[i] = values ? (float) value(dtype, codes[i]) : codes[i];
        }
        return stored;
    }

    // Finite numbers, so that a sum with zero shows them.
    private static int[] bytes(Random random, int n) {
        return random.ints(n, 0, 120).toArray();
    }

    private static double value(String dtype, int code) {
        return switch (dtype) {
            case "F8_E4M3" -> SmallFloats.e4m3(code);
            case "F8_E5M2" -> SmallFloats.e5m2(code);
            case "U8", "F8_E8M0" -> SmallFloats.e8m0(code);
            default -> code / 8.0;
        };
    }

    private static List<Integer> sizes(String text) {
        return Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
    }

    private static int product(List<Integer> sizes) {
        return sizes.stream().reduce(1, (a, b) -> a * b);
    }
}
