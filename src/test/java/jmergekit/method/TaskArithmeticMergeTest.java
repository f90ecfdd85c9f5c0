package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.TaskArithmeticReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class TaskArithmeticMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    @Test
    void weightedTaskVectorsAreAddedToTheBase() {
        assertThat(merge(0.5, 2).merge()).containsExactly(10.5f, 24, 27.5f, 40);
    }

    @Test
    void lambdaScalesTheSumBeforeTheBaseIsAdded() {
        assertThat(merge(0.5, 2).set("lambda", 2).merge()).containsExactly(11, 28, 25, 40);
    }

    @Test
    void normalizeDividesByTheSumOfTheWeights() {
        assertThat(merge(1, 3).set("normalize", 1).merge())
                .containsExactly(10.25f, 21.5f, 29.25f, 40);
    }

    @Test
    void normalizeLeavesWeightsThatCancelOut() {
        assertThat(merge(1, -1).set("normalize", 1).merge())
                .containsExactly(merge(1, -1).merge())
                .containsExactly(11, 18, 35, 40);
    }

    @Test
    void negativeWeightTakesAway() {
        assertThat(merge(0, -1).merge()).containsExactly(10, 18, 32, 40);
    }

    @Test
    void weightZeroLeavesTheBaseBitForBit() {
        float[] base = {-0f, 3e-41f, Float.NaN, 5};
        float[] broken = {Float.NaN, Float.POSITIVE_INFINITY, 1, 2};

        float[] merged = new MergeCase(method()).base(base).model(weight(0), broken).merge();

        assertThat(merged).isEqualTo(base);
    }

    @Test
    void tensorOfTheBaseAloneStaysAsItIs() {
        assertThat(new MergeCase(method()).base(1, -0f, 3).merge())
                .isEqualTo(new float[] {1, -0f, 3});
    }

    @Test
    void baseMayBeListedAnywhere() {
        float[] merged =
                new MergeCase(method())
                        .model(weight(2), 3, 5)
                        .base(1, 1)
                        .model(weight(1), 2, 2)
                        .merge();

        assertThat(merged).containsExactly(6, 10);
    }

    @Test
    void eightBitMaskChangesNothing() {
        assertThat(merge(0.5, 2).set("int8_mask", 1).merge())
                .containsExactly(merge(0.5, 2).merge());
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        double[] weights = {0.7, -0.3, 1.1};
        float[] base = MergeCase.random(size, size);
        float[][] models = new float[3][];
        for (boolean normalize : new boolean[] {false, true}) {
            MergeCase merge =
                    new MergeCase(method())
                            .base(base)
                            .set("normalize", normalize ? 1 : 0)
                            .set("lambda", 0.8);
            for (int m = 0; m < 3; m++) {
                models[m] = MergeCase.random(10L * size + m, size);
                merge.model(weight(weights[m]), models[m]);
            }

            double[] expected =
                    TaskArithmeticReference.merge(base, models, weights, normalize, 0.8);

            assertThat(merge.merge())
                    .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
        }
    }

    /// Task vectors `1, 0, 3, 0` and `0, 2, -2, 0`.
    private static MergeCase merge(double a, double b) {
        return new MergeCase(method())
                .base(10, 20, 30, 40)
                .model(weight(a), 11, 20, 33, 40)
                .model(weight(b), 10, 22, 28, 40);
    }

    private static MergeMethod method() {
        return new TaskArithmeticMerge();
    }

    private static Map<String, Double> weight(double value) {
        return Map.of("weight", value);
    }
}
