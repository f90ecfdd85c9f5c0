package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What holds for every method that decomposes the matrices of layers.
interface SpectralContract {
    String MATRIX = "model.layers.0.self_attn.q_proj.weight";

    MergeCase merge();

    /// The base plus the expected change, in double precision.
    double[] expected(float[] base, float[][] models, double[] weights, int rows, double lambda);

    @ParameterizedTest
    @CsvSource({"2, 2", "8, 5", "5, 8", "7, 7", "40, 90", "90, 40", "66, 66"})
    default void agreesWithTheReferenceInDoublePrecision(int rows, int columns) {
        float[] base = random(1, rows * columns);
        float[][] models = {
            random(2, rows * columns), random(3, rows * columns), random(4, rows * columns)
        };
        double[] weights = {1, 0.5, 0.75};

        float[] merged = merged(base, models, weights, rows, columns, 0.7);

        assertSame(merged, expected(base, models, weights, rows, 0.7), base);
    }

    @Test
    default void theOrderOfTheModelsDoesNotMatter() {
        float[] base = random(1, 48);
        float[] a = random(2, 48);
        float[] b = random(3, 48);

        float[] first = merged(base, new float[][] {a, b}, new double[] {1, 0.5}, 6, 8, 1);
        float[] second = merged(base, new float[][] {b, a}, new double[] {0.5, 1}, 6, 8, 1);

        assertSame(first, doubles(second), base);
    }

    @Test
    default void lambdaScalesTheChange() {
        float[] base = random(1, 48);
        float[][] models = {random(2, 48), random(3, 48)};
        double[] ones = {1, 1};

        float[] once = merged(base, models, ones, 6, 8, 1);
        float[] half = merged(base, models, ones, 6, 8, 0.5);

        double[] expected =
                IntStream.range(0, base.length)
                        .mapToDouble(i -> (once[i] + (double) base[i]) / 2)
                        .toArray();
        assertSame(half, expected, base);
    }

    @Test
    default void largerChangesScaleTheResult() {
        float[] base = new float[48];
        float[] a = random(2, 48);
        float[] b = random(3, 48);

        float[] small = merged(base, new float[][] {a, b}, new double[] {1, 1}, 6, 8, 1);
        float[] large =
                merged(base, new float[][] {times(a), times(b)}, new double[] {1, 1}, 6, 8, 1);

        assertSame(large, doubles(times(small)), base);
    }

    @Test
    default void vectorsAndEmbeddingsAreAveraged() {
        float[] base = {1, 1, 1, 1};
        float[] a = {3, 1, 1, 2};
        float[] b = {1, 5, 1, 1};

        assertThat(merge().base(base).model(a).model(b).named("model.layers.0.norm.weight").merge())
                .containsExactly(2, 3, 1, 1.5f);
        assertThat(
                        merge().base(base)
                                .model(a)
                                .model(b)
                                .shape(2, 2)
                                .named("model.embed_tokens.weight")
                                .merge())
                .containsExactly(2, 3, 1, 1.5f);
        assertThat(
                        merge().base(base)
                                .model(a)
                                .model(b)
                                .shape(1, 2, 2)
                                .named("model.layers.0.conv.weight")
                                .merge())
                .containsExactly(2, 3, 1, 1.5f);
    }

    @Test
    default void aMatrixThatNoModelChangedStaysTheBase() {
        float[] base = random(1, 12);

        assertThat(merge().base(base).model(base).model(base).shape(3, 4).named(MATRIX).merge())
                .containsExactly(base);
    }

    @Test
    default void aModelThatChangedNothingDoesNotBreakTheOthers() {
        float[] base = random(1, 12);

        float[] merged =
                merge().base(base)
                        .model(base)
                        .model(random(2, 12))
                        .shape(3, 4)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).doesNotContain(Float.NaN).isNotEqualTo(base);
    }

    @Test
    default void elementsThatAreNotFiniteStayInTheirPlace() {
        float[] base = {1, 1, 1, 1};

        float[] merged =
                merge().base(base)
                        .model(3, Float.NaN, 1, 1)
                        .model(1, 1, 1, Float.POSITIVE_INFINITY)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(2, Float.NaN, 1, Float.POSITIVE_INFINITY);
    }

    @Test
    default void directionsThatNoModelHasStayEmpty() {
        // Both changes are multiples of one matrix of rank 1.
        float[] merged =
                merge().base(new float[9])
                        .model(1, 2, 3, 2, 4, 6, 3, 6, 9)
                        .model(1, 2, 3, 2, 4, 6, 3, 6, 9)
                        .shape(3, 3)
                        .named(MATRIX)
                        .merge();

        float first = merged[0];
        float[] expected = {1, 2, 3, 2, 4, 6, 3, 6, 9};
        assertThat(first).isPositive();
        for (int i = 0; i < 9; i++) {
            assertThat(merged[i] / first).isCloseTo(expected[i], Directions.ROUNDING);
        }
    }

    @Test
    default void onlyMatricesOfLayersNeedMemory() {
        MergeCase matrix = merge().base(new float[6]).model(new float[6]).shape(2, 3);

        assertThat(matrix.named(MATRIX).memory()).isPositive();
        assertThat(matrix.named("lm_head.weight").memory()).isZero();
    }

    private float[] merged(
            float[] base,
            float[][] models,
            double[] weights,
            int rows,
            int columns,
            double lambda) {
        MergeCase merge = merge().base(base).shape(rows, columns).named(MATRIX);
        for (int i = 0; i < models.length; i++) {
            merge.model(Map.of("weight", weights[i]), models[i]);
        }
        return merge.set("lambda", lambda).merge();
    }

    private static float[] random(long seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] times(float[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 8 * values[i];
        }
        return result;
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    // Within 1e-5 of the size of the change.
    private static void assertSame(float[] merged, double[] expected, float[] base) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error = Math.max(error, Math.abs(merged[i] - expected[i]));
            size = Math.max(size, Math.abs(expected[i] - base[i]));
        }
        assertThat(error).isLessThanOrEqualTo(1e-5 * size);
    }
}
