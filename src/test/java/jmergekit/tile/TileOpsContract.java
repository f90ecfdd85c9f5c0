package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What [TileOps] says of arithmetic, by hand. Cases repeat to [#N] elements, so that they go
/// through whole vectors and through what is left over.
interface TileOpsContract {
    int N = 67;
    float NAN = Float.NaN;
    float INFINITY = Float.POSITIVE_INFINITY;

    TileOps ops();

    @Test
    default void subtractTakesTheSecondFromTheFirst() {
        float[] into = new float[N];
        ops().subtract(tile(3, -1, 0.5f), tile(1, 2, 0.5f), into, N);
        assertThat(into).containsExactly(tile(2, -3, 0));
    }

    @Test
    default void subtractMayWriteOverAnOperand() {
        float[] a = tile(3, -1);
        ops().subtract(a, tile(1, 2), a, N);
        assertThat(a).containsExactly(tile(2, -3));
    }

    @Test
    default void scaleMultipliesInPlace() {
        float[] x = tile(1, -2, INFINITY);
        ops().scale(x, 0.5f, x, N);
        assertThat(x).containsExactly(tile(0.5f, -1, INFINITY));
    }

    @Test
    default void addAddsInPlace() {
        float[] sum = tile(1, 2);
        ops().add(sum, tile(10, -2), N);
        assertThat(sum).containsExactly(tile(11, 0));
    }

    @Test
    default void addScaledRoundsTheProductBeforeTheSum() {
        float x = 1 + 0x1p-23f;
        float[] sum = tile(-1 - 0x1p-22f, 1);
        ops().addScaled(sum, tile(x, 2), x, N);
        assertThat(sum).containsExactly(tile(0, 3 + 0x1p-22f));
    }

    @Test
    default void addToRoundsTheProductBeforeTheSum() {
        float x = 1 + 0x1p-23f;
        float[] into = new float[N];
        ops().addTo(tile(-1 - 0x1p-22f, 10), tile(x, -2), x, into, N);
        assertThat(into).containsExactly(tile(0, 8));
    }

    @Test
    default void nothingBeyondTheLastElementIsTouched() {
        float[] x = tile(1);
        ops().scale(x, 2, x, 5);
        ops().add(x, tile(1), 5);
        ops().keepAbove(x, 5, bits(100));
        assertThat(Arrays.copyOf(x, 7)).containsExactly(0, 0, 0, 0, 0, 1, 1);
    }

    @Test
    default void theLargestMagnitudeIsThatOfNanIfThereIsOne() {
        assertThat(ops().largestMagnitude(tile(1, -3, 2, -0f), N)).isEqualTo(bits(3));
        assertThat(ops().largestMagnitude(tile(1, -INFINITY), N)).isEqualTo(bits(INFINITY));
        assertThat(ops().largestMagnitude(tile(INFINITY, NAN), N)).isGreaterThan(bits(INFINITY));
        assertThat(ops().largestMagnitude(tile(5), 0)).isZero();
    }

    @Test
    default void signsCountWhereBothAreNotZero() {
        float[] a = tile(1, -1, 2, -0f, 0, -3, 4);
        float[] b = tile(2, 3, -1, 5, -7, -1, 0);
        // Of seven: 1 and 2, -1 and 3, 2 and -1, -3 and -1; the second and third pair differ.
        long counted = ops().countSigns(a, b, 63);
        assertThat(counted & 0xffff_ffffL).isEqualTo(36);
        assertThat(counted >>> 32).isEqualTo(18);
    }

    @Test
    default void keepAtLeastZeroesSmallerMagnitudes() {
        float[] x = tile(1, -1, 0.5f, -0.5f, -2, NAN, -INFINITY, -0f);
        ops().keepAtLeast(x, N, bits(1));
        assertThat(x).containsExactly(tile(1, -1, 0, 0, -2, NAN, -INFINITY, 0));
    }

    @Test
    default void keepAboveZeroesEqualMagnitudesToo() {
        float[] x = tile(1, -1, 0.5f, -0.5f, -2, NAN, -INFINITY, -0f);
        ops().keepAbove(x, N, bits(1));
        assertThat(x).containsExactly(tile(0, 0, 0, 0, -2, NAN, -INFINITY, 0));
    }

    @Test
    default void keepSomeKeepsTheFirstEqualOnes() {
        float[] x = {1, -2, 3, 2, 2, -3, 1};
        assertThat(ops().keepSome(x, 7, bits(2), 2)).isEqualTo(2);
        assertThat(x).containsExactly(0, -2, 3, 2, 0, -3, 0);
    }

    @Test
    default void keepSomeCountsWhatItKeptWithinTheBudget() {
        float[] x = {1, -2, 3, 2};
        assertThat(ops().keepSome(x, 4, bits(2), Long.MAX_VALUE)).isEqualTo(2);
        assertThat(x).containsExactly(0, -2, 3, 2);
    }

    @Test
    default void keepSomeWithoutBudgetKeepsOnlyLargerOnes() {
        float[] x = {1, -2, 3, 2};
        assertThat(ops().keepSome(x, 4, bits(2), 0)).isZero();
        assertThat(x).containsExactly(0, 0, 3, 0);
    }

    @Test
    default void countEqualIgnoresTheSign() {
        assertThat(ops().countEqual(tile(1, -1, 2, 0), 66, bits(1))).isEqualTo(34);
        assertThat(ops().countEqual(tile(0, -0f), N, 0)).isEqualTo(N);
    }

    @Test
    default void allNansAreOneMagnitudeAboveInfinity() {
        float[] nans =
                tile(NAN, Float.intBitsToFloat(0xffa00001), Float.intBitsToFloat(-1), INFINITY);

        assertThat(ops().countEqual(nans, N, bits(INFINITY) + 1)).isEqualTo(51);
        assertThat(ops().keepSome(nans, N, bits(INFINITY) + 1, 2)).isEqualTo(2);
        assertThat(nans).startsWith(NAN, NAN, 0, 0).endsWith(0, 0, 0, 0);
    }

    @Test
    default void countMagnitudesSortsIntoBins() {
        int low = bits(1);
        int[] bins = new int[6];
        float[] x = tile(1, Math.nextUp(1), -1, 0.5f, 2, -INFINITY, NAN, -Math.nextUp(1));
        assertThat(ops().countMagnitudes(x, 64, low, low + 2, 0, bins)).isEqualTo(24);
        assertThat(bins).containsExactly(16, 0, 16, 0, 0, 0);
    }

    @Test
    default void countMagnitudesMakesBinsWiderByShifting() {
        int low = 1000;
        float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] = Float.intBitsToFloat(995 + i);
        }
        int[] bins = new int[6];
        assertThat(ops().countMagnitudes(x, N, low, low + 9, 2, bins)).isEqualTo(N - 15);
        assertThat(bins).containsExactly(4, 3, 4, 3, 2, 1);
    }

    @Test
    default void countMagnitudesTellsBinsOfEqualsFromOthers() {
        int low = bits(1);
        int[] bins = new int[6];
        float[] x = new float[N];
        Arrays.fill(x, Float.intBitsToFloat(low + 4));
        x[0] = Float.intBitsToFloat(low + 8);
        x[N - 1] = Float.intBitsToFloat(low + 10);
        assertThat(ops().countMagnitudes(x, N, low, low + 11, 2, bins)).isZero();
        assertThat(bins).containsExactly(0, 0, N - 2, 0, 2, 2);
    }

    @Test
    default void countMagnitudesCountsASingleMagnitude() {
        int[] bins = new int[2];
        int one = bits(1);
        assertThat(ops().countMagnitudes(tile(1, -1, 2, 0), 66, one, one, 0, bins)).isEqualTo(16);
        assertThat(bins).containsExactly(34, 0);
    }

    @Test
    default void dotAddsElementsToTheirLanes() {
        float[] a = new float[37];
        float[] b = new float[37];
        for (int i = 0; i < 37; i++) {
            a[i] = i;
            b[i] = 2;
        }
        double[] lanes = new double[TileOps.LANES];
        lanes[3] = 1000;
        ops().dot(a, b, 37, lanes);
        assertThat(lanes[0]).isEqualTo(2 * (0 + 16 + 32));
        assertThat(lanes[3]).isEqualTo(1000 + 2 * (3 + 19 + 35));
        assertThat(lanes[15]).isEqualTo(2 * (15 + 31));
        assertThat(Lanes.total(lanes)).isEqualTo(1000 + 36 * 37);
    }

    @Test
    default void dotIsExactInFloat64() {
        float x = 1 + 0x1p-23f;
        double[] lanes = new double[TileOps.LANES];
        ops().dot(tile(x), tile(x), 16, lanes);
        assertThat(lanes).containsOnly(1 + 0x1p-22 + 0x1p-46);
    }

    @Test
    default void absoluteSumAddsMagnitudesToTheirLanes() {
        float[] x = tile(-1, 2);
        double[] lanes = new double[TileOps.LANES];
        ops().absoluteSum(x, N, lanes);
        assertThat(lanes).containsExactly(5, 10, 5, 8, 4, 8, 4, 8, 4, 8, 4, 8, 4, 8, 4, 8);
    }

    @Test
    default void electAddsWhatAgreesWithTheMajority() {
        float[] sum = tile(10, 10, 10, 10);
        float[] divisor = tile(1, 1, 1, 1);
        ops().elect(tile(2, -2, 2, -2), tile(1, 1, -1, -1), 0.5f, sum, divisor, N);
        assertThat(sum).containsExactly(tile(12, 10, 10, 8));
        assertThat(divisor).containsExactly(tile(1.5f, 1, 1, 1.5f));
    }

    @Test
    default void electCountsAMajorityOfZeroAsPositive() {
        float[] sum = tile(0);
        float[] divisor = tile(0);
        ops().elect(tile(2, -2, 3), tile(0, -0f, -0f), 1, sum, divisor, N);
        assertThat(sum).containsExactly(tile(2, 0, 3));
        assertThat(divisor).containsExactly(tile(1, 0, 1));
    }

    @Test
    default void electLeavesZerosOut() {
        float[] sum = tile(-0f);
        float[] divisor = tile(0);
        ops().elect(tile(0, -0f), tile(1, -1), 1, sum, divisor, N);
        assertThat(sum).containsExactly(tile(-0f));
        assertThat(divisor).containsExactly(tile(0));
    }

    @Test
    default void electLetsNanShow() {
        float[] sum = tile(1);
        float[] divisor = tile(0);
        ops().elect(tile(NAN, 1, -1), tile(-1, NAN, NAN), 1, sum, divisor, N);
        assertThat(sum).containsExactly(tile(NAN, 2, 1));
        assertThat(divisor).containsExactly(tile(1, 1, 0));
    }

    @Test
    default void divideTakesAZeroDivisorForOne() {
        float[] sum = tile(6, 6, -6, 1);
        ops().divide(sum, tile(2, 0, -0f, 3), N);
        assertThat(sum).containsExactly(tile(3, 6, -6, 1f / 3));
    }

    /// `pattern` again and again.
    static float[] tile(float... pattern) {
        float[] tile = new float[N];
        for (int i = 0; i < N; i++) {
            tile[i] = pattern[i % pattern.length];
        }
        return tile;
    }

    static int bits(float magnitude) {
        return Float.floatToRawIntBits(magnitude);
    }
}
