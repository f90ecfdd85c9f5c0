package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.SlerpReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class SlerpMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    /// Two float32 roundings of values up to 4.
    private static final Offset<Float> ROUNDING = Offset.offset(8 * 0x1p-24f);

    private static final float[] EAST = {1, 0, 0, 0};
    private static final float[] NORTH = {0, 1, 0, 0};

    @Test
    void startsAtTheBase() {
        assertThat(slerp(0, EAST, NORTH)).containsExactly(EAST, ROUNDING);
    }

    @Test
    void endsAtTheOtherModel() {
        assertThat(slerp(1, EAST, NORTH)).containsExactly(NORTH, ROUNDING);
    }

    @Test
    void aThirdOfARightAngleIsThirtyDegrees() {
        float[] expected = MergeCase.floats(Math.sqrt(3) / 2, 0.5, 0, 0);

        assertThat(slerp(1 / 3.0, EAST, NORTH)).containsExactly(expected, ROUNDING);
    }

    @Test
    void lengthsAreKeptApartFromTheAngle() {
        float[] merged = slerp(0.5, new float[] {2, 0, 0, 0}, new float[] {0, 4, 0, 0});

        float[] expected = MergeCase.floats(Math.sqrt(2), 2 * Math.sqrt(2), 0, 0);
        assertThat(merged).containsExactly(expected, ROUNDING);
    }

    @Test
    void baseMayBeListedSecond() {
        float[] merged =
                new MergeCase(new SlerpMerge()).model(NORTH).base(EAST).set("t", 1 / 3.0).merge();

        assertThat(merged).containsExactly(slerp(1 / 3.0, EAST, NORTH), ROUNDING);
    }

    @Test
    void almostParallelTensorsAreInterpolatedStraight() {
        float[] merged = slerp(0.5, EAST, new float[] {1, 0.02f, 0, 0});

        assertThat(merged).containsExactly(1, 0.01f, 0, 0);
    }

    @Test
    void oppositeTensorsAreInterpolatedStraight() {
        assertThat(slerp(0.25, EAST, new float[] {-1, 0, 0, 0})).containsExactly(0.5f, 0, 0, 0);
    }

    @Test
    void smallAnglesAboveTheThresholdFollowTheArc() {
        float[] other = MergeCase.floats(Math.cos(0.04), Math.sin(0.04), 0, 0);

        float[] merged = slerp(0.5, EAST, other);

        float[] expected = MergeCase.floats(Math.cos(0.02), Math.sin(0.02), 0, 0);
        assertThat(merged).containsExactly(expected, ROUNDING);
    }

    @Test
    void zeroTensorCountsAsAtARightAngle() {
        float[] zero = new float[4];
        float[] half = MergeCase.floats(Math.sqrt(0.5), 0, 0, 0);

        assertThat(slerp(0.5, zero, EAST)).containsExactly(half, ROUNDING);
        assertThat(slerp(0.5, EAST, zero)).containsExactly(half, ROUNDING);
        assertThat(slerp(0.5, zero, zero)).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"2, -1, 0", "-1, 0, -1", "3, 0, -1"})
    void factorsOutsideZeroToOneGoOnAroundTheCircle(double t, float east, float north) {
        assertThat(slerp(t, EAST, NORTH))
                .containsExactly(new float[] {east, north, 0, 0}, ROUNDING);
    }

    @Test
    void factorsOutsideZeroToOneGoOnAlongTheStraightLine() {
        assertThat(slerp(3, EAST, new float[] {2, 0, 0, 0})).containsExactly(4, 0, 0, 0);
    }

    @Test
    void tensorOfOneModelStaysAsItIs() {
        float[] merged = new MergeCase(new SlerpMerge()).model(1, -0f, 3).set("t", 0.3).merge();

        assertThat(merged).isEqualTo(new float[] {1, -0f, 3});
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        float[] base = MergeCase.random(size, size);
        float[] other = MergeCase.random(size + 1, size);
        for (double t : new double[] {0.1, 0.5, 0.9, 1.25}) {
            float[] expected = MergeCase.floats(SlerpReference.merge(base, other, t));

            assertThat(slerp(t, base, other)).containsExactly(expected, MergeCase.rounding());
        }
    }

    private static float[] slerp(double t, float[] base, float[] other) {
        return new MergeCase(new SlerpMerge()).base(base).model(other).set("t", t).merge();
    }
}
