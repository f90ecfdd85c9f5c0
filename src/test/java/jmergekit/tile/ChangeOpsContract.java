package jmergekit.tile;

import static jmergekit.tile.TileOpsContract.N;
import static jmergekit.tile.TileOpsContract.NAN;
import static jmergekit.tile.TileOpsContract.tile;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What [TileOps] says of operations that decide by the size of a change, by hand.
interface ChangeOpsContract {
    TileOps ops();

    @Test
    default void keepWhereZeroesWhereTheSelectorIsZero() {
        float[] x = tile(1, 2, NAN, -4);
        ops().keepWhere(x, tile(0, 0.1f, -0f, NAN), N);
        assertThat(x).containsExactly(tile(0, 2, 0, -4));
    }

    @Test
    default void dropWhereZeroesWhereTheSelectorIsNotZero() {
        float[] x = tile(1, Float.POSITIVE_INFINITY, NAN, -4);
        ops().dropWhere(x, tile(0, 0.1f, -0f, NAN), N);
        assertThat(x).containsExactly(tile(1, 0, NAN, 0));
    }

    @Test
    default void keepBernoulliTakesALimitForEachElement() {
        int[] limits = new int[TileOps.TILE];
        float[] x = new float[TileOps.TILE];
        float[] expected = new float[TileOps.TILE];
        for (int i = 0; i < x.length; i++) {
            x[i] = 1;
            // Exactly the draw itself, which is not below it, or one more.
            limits[i] = CounterRandom.bits(42, i) + i % 2;
            expected[i] = i % 2;
        }

        ops().keepBernoulli(x, x.length - 3, 42, 0, limits);

        Arrays.fill(expected, x.length - 3, x.length, 1);
        assertThat(x).containsExactly(expected);
    }

    @Test
    default void keepBernoulliKeepsTheDrawsBelowTheLimit() {
        int limit = CounterRandom.limit(0.3);
        long from = (1L << 32) - TileOps.TILE;
        float[] x = new float[TileOps.TILE];
        float[] expected = new float[TileOps.TILE];
        for (int i = 0; i < x.length; i++) {
            x[i] = i + 1;
            boolean kept =
                    (CounterRandom.bits(42, from + i) & 0xffff_ffffL) < (limit & 0xffff_ffffL);
            expected[i] = kept ? i + 1 : 0;
        }
        ops().keepBernoulli(x, x.length - 3, 42, from, limit);
        for (int i = x.length - 3; i < x.length; i++) {
            expected[i] = i + 1;
        }
        assertThat(x).containsExactly(expected);
    }

    @Test
    default void bitsKeepWhatWasNotZero() {
        float[] x = new float[N];
        x[0] = 1;
        x[5] = NAN;
        x[63] = -1;
        x[64] = 2;
        long[] words = {7, -1, 3, 9};
        ops().markNonzero(x, words, 64, N);
        assertThat(words).containsExactly(7, 1L << 63 | 1 << 5 | 1, 1, 9);

        float[] y = tile(3, 4);
        ops().keepBits(y, words, 64, N);
        float[] expected = new float[N];
        expected[0] = 3;
        expected[5] = 4;
        expected[63] = 4;
        expected[64] = 3;
        assertThat(y).containsExactly(expected);
    }

    @Test
    default void nearSwapTakesOverWhatIsNear() {
        float[] into = tile(1, 1, 1, 1, NAN);
        ops().nearSwap(into, tile(1, 1.5f, 2, -7, 0), 0.5f, N);
        assertThat(into).containsExactly(tile(1, 1.5f, 1.5f, 0.5f, NAN));
    }

    @Test
    default void nearSwapGoesNowhereByANegativeDistance() {
        float[] into = tile(1, 2);
        ops().nearSwap(into, tile(5, 2), -1, N);
        assertThat(into).containsExactly(tile(1, 2));
    }

    @Test
    default void contributeAddsChangesAboveTheLeast() {
        float[] sum = tile(10);
        float[] scaled = tile(20);
        float[] count = tile(0);
        ops().contribute(tile(0.5f, -0.5f, 2, -3, 0), 0.5f, 2, sum, scaled, count, N);
        assertThat(sum).containsExactly(tile(10, 10, 12, 7, 10));
        assertThat(scaled).containsExactly(tile(20, 20, 24, 14, 20));
        assertThat(count).containsExactly(tile(0, 0, 1, 1, 0));
    }

    @Test
    default void contributeLetsNanShow() {
        float[] sum = tile(1);
        ops().contribute(tile(NAN), 1, 1, sum, tile(0), tile(0), N);
        assertThat(sum).containsExactly(tile(NAN));
    }

    @Test
    default void countContributionsCountsWhereFewContribute() {
        float[] x = new float[N];
        float[] count = new float[N];
        x[0] = 2;
        count[0] = 1;
        x[1] = -2;
        count[1] = 2;
        x[N - 1] = 3;
        count[N - 1] = 1;
        count[3] = 1;
        assertThat(ops().countContributions(x, 1, count, 1, N)).isEqualTo(2);
        assertThat(ops().countContributions(x, 1, count, 9, N)).isEqualTo(3);
        assertThat(ops().countContributions(x, 1, count, 9, N - 1)).isEqualTo(2);
    }

    @Test
    default void meanOrSoleDividesSharedSumsOnly() {
        float[] sum = tile(6, 6, 6);
        ops().meanOrSole(sum, tile(7, 7, 0), tile(3, 1, 0), N);
        assertThat(sum).containsExactly(tile(2, 7, 0));
    }

    @Test
    default void replaceAtLeastReplacesFromTheThresholdOn() {
        float[] into = tile(1, 1, 1, 1);
        ops().replaceAtLeast(into, tile(9), tile(0.4f, 0.5f, 0.6f, NAN), 0.5f, N);
        assertThat(into).containsExactly(tile(1, 9, 9, 9));
    }

    @Test
    default void largestIsTheLargestElement() {
        float[] x = tile(-3, -1, -2);
        x[N - 1] = 5;
        assertThat(ops().largest(x, N)).isEqualTo(5);
        assertThat(ops().largest(x, N - 1)).isEqualTo(-1);
        assertThat(ops().largest(tile(1, NAN), N)).isNaN();
    }

    @Test
    default void addProductMultipliesElementByElement() {
        float[] sum = tile(1, 1);
        ops().addProduct(sum, tile(2, 3), tile(4, -1), N);
        assertThat(sum).containsExactly(tile(9, -2));
    }

    @Test
    default void addProductsAreExactInFloat64() {
        double[] sums = new double[N];
        float x = 1 + 0x1p-23f;
        ops().addProducts(tile(x), tile(x), N, sums);
        assertThat(sums).containsOnly((double) x * x);
    }

    @Test
    default void theVarianceIsTakenInFloat64() {
        float[] into = new float[N];

        ops().variance(new float[][] {tile(1.25f, 0x1p-40f), tile(0.75f, 1)}, 0.5, into, N);

        double mean = 0.5 * 0x1p-40 + 0.5;
        double distance = 0x1p-40 - mean;
        assertThat(into[0]).isEqualTo(0.0625f);
        assertThat(into[1])
                .isEqualTo((float) (0.5 * (distance * distance + (1 - mean) * (1 - mean))));
    }

    @Test
    default void equalArraysHaveNoVariance() {
        float[] into = tile(1);
        float[] x = tile(0.1f, -3, 1e30f);

        ops().variance(new float[][] {x, x.clone(), x.clone(), x.clone()}, 0.25, into, N);

        assertThat(into).isEqualTo(new float[N]);
    }
}
