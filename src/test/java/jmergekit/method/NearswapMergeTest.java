package jmergekit.method;

import static jmergekit.method.Directions.assertThatOneTensorStays;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.NearswapReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class NearswapMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    /// Distances of 0.5, 1, 2, and 4: shares of 1, 1, 1/2, and 1/4.
    private static final float[] BASE = {10, 10, 10, 10};

    private static final float[] OTHER = {10.5f, 9, 12, 6};

    @Test
    void elementsWithinTheDistanceAreTakenOverAndOthersComeAsNear() {
        assertThat(nearswap(1, BASE, OTHER).merge()).containsExactly(10.5f, 9, 11, 9);
    }

    @Test
    void largeDistanceTakesTheOtherModelOver() {
        assertThat(nearswap(4, BASE, OTHER).merge()).containsExactly(OTHER);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void distanceOfZeroOrLessLeavesTheBase(double t) {
        assertThat(nearswap(t, BASE, OTHER).merge()).containsExactly(BASE);
    }

    @Test
    void equalElementsStay() {
        assertThat(nearswap(1, BASE, BASE).merge()).containsExactly(BASE);
    }

    /// A distance of 5e-7 counts as 1e-6, so that a tenth is taken over, not a fifth.
    @Test
    void smallDistancesCountAsAMillionth() {
        assertThat(nearswap(1e-7, new float[] {0}, new float[] {5e-7f}).merge())
                .containsExactly(new float[] {5e-8f}, Offset.offset(1e-14f));
    }

    @Test
    void baseMayBeListedSecond() {
        float[] merged =
                new MergeCase(new NearswapMerge()).model(OTHER).base(BASE).set("t", 1).merge();

        assertThat(merged).containsExactly(10.5f, 9, 11, 9);
    }

    @Test
    void notANumberStaysInItsElement() {
        float[] merged = nearswap(1, BASE, new float[] {Float.NaN, 9, 12, 6}).merge();

        assertThat(merged).containsExactly(Float.NaN, 9, 11, 9);
    }

    @Test
    void tensorThatOnlyOneModelHasStaysAsItIs() {
        assertThatOneTensorStays(new NearswapMerge(), Map.of());
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        float[] base = MergeCase.random(size, size);
        float[] other = MergeCase.random(size + 1, size);
        for (double t : new double[] {0.01, 0.7, 2.5}) {
            double[] expected = NearswapReference.merge(base, other, t);

            assertThat(nearswap(t, base, other).merge())
                    .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
        }
    }

    private static MergeCase nearswap(double t, float[] base, float[] other) {
        return new MergeCase(new NearswapMerge()).base(base).model(other).set("t", t);
    }
}
