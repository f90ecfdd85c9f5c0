package jmergekit.method;

import static jmergekit.method.Directions.EAST;
import static jmergekit.method.Directions.NORTH;
import static jmergekit.method.Directions.ROUNDING;
import static jmergekit.method.Directions.assertClose;
import static jmergekit.method.Directions.assertThatOneTensorStays;
import static jmergekit.method.Directions.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.NuslerpReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class NuslerpMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    static final int[][] MATRICES = Directions.MATRICES;

    private static final float HALF = (float) Math.sqrt(0.5);

    @Test
    void shareOfTheSecondWeightIsTheWayToTheSecondModel() {
        float[] expected = MergeCase.floats(Math.sqrt(3) / 2, 0.5, 0, 0);

        assertThat(nuslerp(4, EAST, 2, NORTH).merge()).containsExactly(expected, ROUNDING);
    }

    @Test
    void lengthsAreKeptApartFromTheAngle() {
        float[] merged = nuslerp(1, new float[] {2, 0}, 1, new float[] {0, 4}).merge();

        assertThat(merged).containsExactly(MergeCase.floats(Math.sqrt(2), Math.sqrt(8)), ROUNDING);
    }

    @Test
    void negativeWeightGoesOnBehindTheFirstModel() {
        assertThat(nuslerp(1.5, EAST, -0.5, NORTH).merge())
                .containsExactly(new float[] {HALF, -HALF, 0, 0}, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"0.5, -0.5", "0, 0", "1e-7, 2e-7"})
    void weightsThatSumToNothingMeetHalfway(double first, double second) {
        assertThat(nuslerp(first, EAST, second, NORTH).merge())
                .containsExactly(new float[] {HALF, HALF, 0, 0}, ROUNDING);
    }

    @Test
    void withABaseTheTaskVectorsAreInterpolated() {
        float[] merged =
                method().base(10, 20).model(weight(1), 12, 20).model(weight(1), 10, 24).merge();

        // Of values up to 32.
        assertThat(merged)
                .containsExactly(
                        MergeCase.floats(10 + Math.sqrt(2), 20 + Math.sqrt(8)),
                        MergeCase.rounding());
    }

    @Test
    void baseMayBeListedBetweenTheModels() {
        float[] merged = method().model(weight(4), 2, 1).base(1, 1).model(weight(2), 1, 2).merge();

        assertThat(merged).containsExactly(MergeCase.floats(1 + Math.sqrt(3) / 2, 1.5), ROUNDING);
    }

    @Test
    void withoutFlatteningEachRowHasItsOwnAngle() {
        float[] merged =
                nuslerp(1, new float[] {1, 0, 1, 0}, 1, new float[] {0, 1, 2, 0})
                        .shape(2, 2)
                        .set("nuslerp_flatten", 0)
                        .merge();

        assertThat(merged).containsExactly(new float[] {HALF, HALF, 1.5f, 0}, ROUNDING);
    }

    @Test
    void rowWiseMeansVectorsAlongTheFirstDimension() {
        float[] merged =
                nuslerp(1, new float[] {1, 1, 0, 0}, 1, new float[] {0, 2, 1, 0})
                        .shape(2, 2)
                        .set("nuslerp_flatten", 0)
                        .set("nuslerp_row_wise", 1)
                        .merge();

        assertThat(merged).containsExactly(new float[] {HALF, 1.5f, HALF, 0}, ROUNDING);
    }

    @Test
    void flatteningWinsOverRowWise() {
        MergeCase flat = nuslerp(1, EAST, 1, new float[] {0, 1, 1, 0}).shape(2, 2);
        float[] expected = flat.merge();

        assertThat(flat.set("nuslerp_row_wise", 1).merge())
                .containsExactly(expected)
                .containsExactly(new float[] {HALF, HALF, HALF, 0}, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void vectorIsOneRowAndOneColumn(double rowWise) {
        float[] merged =
                nuslerp(1, EAST, 1, NORTH)
                        .set("nuslerp_flatten", 0)
                        .set("nuslerp_row_wise", rowWise)
                        .merge();

        assertThat(merged).containsExactly(new float[] {HALF, HALF, 0, 0}, ROUNDING);
    }

    @Test
    void parallelTensorsAreInterpolatedStraight() {
        assertThat(nuslerp(1, EAST, 3, new float[] {5, 0, 0, 0}).merge())
                .containsExactly(new float[] {4, 0, 0, 0}, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
    void oppositeTensorsAreInterpolatedStraight(long seed) {
        float[] tensor = MergeCase.random(seed, 999);

        assertThat(nuslerp(1, tensor, 1, times(-3, tensor)).merge())
                .containsExactly(times(-1, tensor), ROUNDING);
    }

    @Test
    void zeroTensorCountsAsAtARightAngle() {
        float[] zero = new float[4];

        assertThat(nuslerp(1, zero, 1, EAST).merge())
                .containsExactly(new float[] {HALF, 0, 0, 0}, ROUNDING);
        assertThat(nuslerp(1, zero, 1, zero).merge()).containsOnly(0);
    }

    /// Norms of 1e-8 count as 1e-7, so the cosine is 0.01, and both factors are
    /// `1 / sqrt(2 (1 + 0.01))`.
    @Test
    void normsBelowTheSmallestOneCountAsThat() {
        float[] tiny = {1e-8f, 0, 0, 0};

        assertThat(nuslerp(1, tiny, 1, tiny).merge()[0] / 1e-8f)
                .isCloseTo((float) (2 / Math.sqrt(2.02)), Offset.offset(1e-6f));
    }

    @Test
    void tensorThatOnlyOneModelHasStaysAsItIs() {
        assertThatOneTensorStays(new NuslerpMerge(), weight(0.3));
    }

    @Test
    void tensorThatOneModelBesidesTheBaseHasIsTakenFromIt() {
        assertThat(method().base(1, 2, 3).model(weight(0.3), 3, 2, 1).merge())
                .containsExactly(3, 2, 1);
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        float[] first = MergeCase.random(size, size);
        float[] second = MergeCase.random(size + 1, size);

        double[] expected = NuslerpReference.merge(first, second, size, 1, 0.4);

        assertThat(nuslerp(0.6, first, 0.4, second).merge())
                .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
    }

    @ParameterizedTest
    @FieldSource("MATRICES")
    void rowsAndColumnsAgreeWithTheReference(int[] shape) {
        int size = shape[0] * shape[1];
        float[] base = MergeCase.random(size, size);
        float[] first = MergeCase.random(size + 1, size);
        float[] second = MergeCase.random(size + 2, size);
        for (boolean columns : new boolean[] {false, true}) {
            double[] expected =
                    NuslerpReference.merge(
                            minus(first, base),
                            minus(second, base),
                            columns ? shape[0] : shape[1],
                            columns ? shape[1] : 1,
                            0.4);
            for (int i = 0; i < size; i++) {
                expected[i] += base[i];
            }

            float[] merged =
                    method().base(base)
                            .model(weight(0.6), first)
                            .model(weight(0.4), second)
                            .shape(shape[0], shape[1])
                            .set("nuslerp_flatten", 0)
                            .set("nuslerp_row_wise", columns ? 1 : 0)
                            .merge();

            assertClose(merged, expected);
        }
    }

    private static float[] minus(float[] a, float[] b) {
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static MergeCase nuslerp(double w, float[] first, double v, float[] second) {
        return method().model(weight(w), first).model(weight(v), second);
    }

    private static MergeCase method() {
        return new MergeCase(new NuslerpMerge());
    }

    private static Map<String, Double> weight(double value) {
        return Map.of("weight", value);
    }
}
