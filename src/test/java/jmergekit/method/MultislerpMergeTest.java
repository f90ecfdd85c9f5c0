package jmergekit.method;

import static jmergekit.method.Directions.EAST;
import static jmergekit.method.Directions.NORTH;
import static jmergekit.method.Directions.ROUNDING;
import static jmergekit.method.Directions.UP;
import static jmergekit.method.Directions.assertThatOneTensorStays;
import static jmergekit.method.Directions.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import jmergekit.method.reference.MultislerpReference;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class MultislerpMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    @Test
    void equalWeightsMeetHalfway() {
        float half = (float) Math.sqrt(0.5);

        assertThat(method().model(weight(2), EAST).model(weight(2), NORTH).merge())
                .containsExactly(new float[] {half, half, 0, 0}, ROUNDING);
    }

    /// Directions `(1, 3) / sqrt(10)`; lengths 0.25 * 2 + 0.75 * 4 = 3.5.
    @Test
    void directionsAndLengthsAreAveragedApart() {
        assertThat(lengths(1, 3).merge())
                .containsExactly(
                        MergeCase.floats(3.5 / Math.sqrt(10), 10.5 / Math.sqrt(10)), ROUNDING);
    }

    @Test
    void withoutNormalizationTheLengthsAreSummedUnderTheirWeights() {
        assertThat(lengths(0.5, 1.5).set("normalize_weights", 0).merge())
                .containsExactly(
                        MergeCase.floats(7 / Math.sqrt(10), 21 / Math.sqrt(10)),
                        MergeCase.rounding());
    }

    /// Direction `(1, -1) / sqrt(2)`; length 2 - 4.
    @Test
    void negativeWeightsTakeDirectionsAndLengthsAway() {
        assertThat(lengths(1, -1).set("normalize_weights", 0).merge())
                .containsExactly(MergeCase.floats(-Math.sqrt(2), Math.sqrt(2)), ROUNDING);
    }

    @Test
    void threeModelsAtRightAnglesMeetInTheMiddle() {
        float third = (float) Math.sqrt(1 / 3.0);

        float[] merged =
                method().model(weight(1), EAST)
                        .model(weight(1), NORTH)
                        .model(weight(1), UP)
                        .merge();

        assertThat(merged).containsExactly(new float[] {third, third, third, 0}, ROUNDING);
    }

    @Test
    void withABaseTheTaskVectorsAreMerged() {
        float[] merged =
                method().model(weight(1), 12, 20).base(10, 20).model(weight(3), 10, 24).merge();

        assertThat(merged)
                .containsExactly(
                        MergeCase.floats(10 + 3.5 / Math.sqrt(10), 20 + 10.5 / Math.sqrt(10)),
                        MergeCase.rounding());
    }

    /// With eps 1/4 the unit vectors have lengths 8/9 and 16/17, and the result is cos(1/4) times as
    /// long.
    @Test
    void epsIsAddedToTheLengths() {
        double east = 8 / 9.0;
        double north = 16 / 17.0;
        double size = 3 * Math.cos(0.25) / Math.hypot(east, north);

        assertThat(lengths(1, 1).set("eps", 0.25).merge())
                .containsExactly(MergeCase.floats(size * east, size * north), ROUNDING);
    }

    @Test
    void weightsThatSumToZeroAreRefused() {
        assertThat(lengths(0.5, -0.5).violation())
                .contains(
                        "the values of 'weight' sum to 0.0, which 'normalize_weights' would divide"
                                + " by");
        assertThat(lengths(0.5, -0.5).set("normalize_weights", 0).violation()).isEmpty();
        assertThat(lengths(0.5, -0.25).violation()).isEmpty();
    }

    /// What is left of the directions of such tensors is rounding.
    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
    void twoOppositeModelsAreAveragedStraight(long seed) {
        float[] tensor = MergeCase.random(seed, 999);

        float[] merged =
                method().model(weight(3), tensor).model(weight(3), times(-3, tensor)).merge();

        assertThat(merged).containsExactly(times(-1, tensor), ROUNDING);
    }

    @Test
    void threeModelsWhoseDirectionsCancelOutAreRefused() {
        float height = (float) Math.sqrt(0.75);
        MergeCase star =
                method().model(weight(1), 1, 0)
                        .model(weight(1), -0.5f, height)
                        .model(weight(1), -0.5f, -height);

        assertThatThrownBy(star::merge)
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("tensor 'x'")
                .hasMessageContaining("directions of the models cancel out");
    }

    @Test
    void tensorThatNoModelChangedIsTheBases() {
        float[] base = {1, 2, 3};
        MergeCase merge = method().base(base);
        for (int m = 0; m < 3; m++) {
            merge.model(weight(1), base);
        }

        assertThat(merge.merge()).containsExactly(base);
    }

    @Test
    void zeroTensorHasNoDirection() {
        float[] merged =
                method().model(weight(1), new float[4])
                        .model(weight(1), EAST)
                        .model(weight(2), NORTH)
                        .merge();

        assertThat(merged)
                .containsExactly(
                        MergeCase.floats(0.75 / Math.sqrt(5), 1.5 / Math.sqrt(5), 0, 0), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"0", "1e-8"})
    void zeroTensorsGiveZeros(double eps) {
        MergeCase merge = method().set("eps", eps);
        for (int m = 0; m < 3; m++) {
            merge.model(weight(1), 0, 0);
        }

        assertThat(merge.merge()).containsOnly(0);
    }

    @Test
    void weightsOfZeroLeaveTheBase() {
        MergeCase merge = method().base(1, 2, 3).set("normalize_weights", 0);
        for (int m = 0; m < 3; m++) {
            merge.model(weight(0), m, 5, 7);
        }

        assertThat(merge.merge()).containsExactly(1, 2, 3);
    }

    @Test
    void tensorThatOnlyOneModelHasStaysAsItIs() {
        assertThatOneTensorStays(new MultislerpMerge(), weight(0.3));
    }

    @Test
    void oneModelBesidesTheBaseCountsByItsWeight() {
        MergeCase merge = method().model(weight(0.5), 3, 2, 1).base(1, 2, 3);

        assertThat(merge.merge()).containsExactly(3, 2, 1);
        assertThat(merge.set("normalize_weights", 0).merge()).containsExactly(2, 2, 2);
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        double[] weights = {0.5, 0.25, -0.125, 0.375};
        for (boolean hasBase : new boolean[] {false, true}) {
            float[] base = hasBase ? MergeCase.random(size, size) : new float[size];
            double[][] vectors = new double[weights.length][size];
            MergeCase merge = hasBase ? method().base(base) : method();
            for (int m = 0; m < weights.length; m++) {
                float[] model = MergeCase.random(10L * size + m, size);
                merge.model(weight(weights[m]), model);
                for (int i = 0; i < size; i++) {
                    vectors[m][i] = model[i] - base[i];
                }
            }

            double[] expected = MultislerpReference.merge(vectors, weights, 1e-8);
            for (int i = 0; i < size; i++) {
                expected[i] += base[i];
            }

            assertThat(merge.merge())
                    .as(hasBase ? "with a base" : "without a base")
                    .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
        }
    }

    /// Lengths 2 and 4 at a right angle.
    private static MergeCase lengths(double first, double second) {
        return method().model(weight(first), 2, 0).model(weight(second), 0, 4);
    }

    private static MergeCase method() {
        return new MergeCase(new MultislerpMerge());
    }

    private static Map<String, Double> weight(double value) {
        return Map.of("weight", value);
    }
}
