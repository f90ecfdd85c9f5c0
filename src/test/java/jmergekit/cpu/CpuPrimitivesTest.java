package jmergekit.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import jmergekit.fixture.ArrayPrimitives;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuPrimitivesTest {
    /// Just above one chunk, so that partial results of two chunks meet.
    private static final int TWO_CHUNKS = Chunks.CHUNK + 5;

    @Test
    void gramHoldsTheDotProductsOfAllPairs() {
        ArrayPrimitives arrays =
                new ArrayPrimitives(
                        Primitives.NO_BASE, new float[] {1, 2, 3}, new float[] {4, -5, 6});

        double[][] gram = arrays.primitives().gram();

        assertThat(gram[0]).containsExactly(14, 12);
        assertThat(gram[1]).containsExactly(12, 77);
    }

    @Test
    void gramOfSeveralChunksAddsUp() {
        float[] ones = new float[TWO_CHUNKS];
        Arrays.fill(ones, 1f);

        double[][] gram = new ArrayPrimitives(Primitives.NO_BASE, ones, ones).primitives().gram();

        assertThat(gram[0][1]).isEqualTo(TWO_CHUNKS);
    }

    @Test
    void weightedSumOfOneSourceWithFactorOneIsACopy() {
        float[] x = {1, -0f, Float.NaN, Float.NEGATIVE_INFINITY};
        ArrayPrimitives arrays = new ArrayPrimitives(Primitives.NO_BASE, x);

        arrays.primitives().combine(new WeightedSum(new double[] {1}));

        assertThat(bits(arrays.result())).isEqualTo(bits(x));
    }

    @Test
    void electionSumsOnlyTheMajoritySign() {
        float[] base = {10, 10, 10, 10};
        float[] a = {11, 9, 12, 10};
        float[] b = {14, 12, 8, 10};
        ArrayPrimitives arrays = new ArrayPrimitives(0, base, a, b);
        Mask[] masks = {Mask.ALL, Mask.ALL, Mask.ALL};
        double[] ones = {1, 1, 1};

        arrays.primitives()
                .combine(
                        new TaskVectorSum(
                                ones, ones, masks, Election.WEIGHTED, Division.ELECTED_WEIGHTS, 1));

        // Contributions: (1, 4), (-1, 2), (2, -2), (0, 0). A tie elects plus; zeros take no part.
        assertThat(arrays.result()).containsExactly(12.5f, 12, 12, 10);
    }

    @Test
    void weightsOfZeroLeaveTheBaseBitForBit() {
        float[] base = {-0f, Float.MIN_VALUE, Float.NaN};
        ArrayPrimitives arrays = new ArrayPrimitives(0, base, new float[] {1, 2, 3});
        double[] zeros = {0, 0};

        arrays.primitives()
                .combine(
                        new TaskVectorSum(
                                zeros,
                                new double[] {1, 1},
                                new Mask[] {Mask.ALL, Mask.ALL},
                                Election.WEIGHTED,
                                Division.ELECTED_WEIGHTS,
                                1));

        assertThat(bits(arrays.result())).isEqualTo(bits(base));
    }

    @Test
    void divisionByWeightsThatCancelIsLeftOut() {
        ArrayPrimitives arrays =
                new ArrayPrimitives(0, new float[] {1}, new float[] {3}, new float[] {6});
        Mask[] masks = {Mask.ALL, Mask.ALL, Mask.ALL};

        arrays.primitives()
                .combine(
                        new TaskVectorSum(
                                new double[] {0, 1, -1},
                                new double[] {1, 1, 1},
                                masks,
                                Election.NONE,
                                Division.WEIGHTS,
                                1));

        assertThat(arrays.result()).containsExactly(1 + (2 - 5));
    }

    @Test
    void amongEqualMagnitudesTheFirstAreKept() {
        float[] x = {1, -1, 2, 1, -1, 1};
        Mask mask = select(x, 3);

        assertThat(kept(x, mask)).containsExactly(1, -1, 2, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0001, 0.01, 0.1, 0.5, 0.9, 0.9999})
    void selectionIsExactOnContinuousValues(double share) {
        Random random = new Random(7);
        float[] x = new float[TWO_CHUNKS];
        for (int i = 0; i < x.length; i++) {
            // Rows of different scale, so that a sample misjudges.
            x[i] = (float) (random.nextGaussian() * (1 + i / 1_000_000));
        }

        assertSelected(x, (long) (share * x.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50})
    void selectionIsExactOnFewDistinctValues(int distinct) {
        Random random = new Random(11);
        float[] x = new float[TWO_CHUNKS];
        for (int i = 0; i < x.length; i++) {
            x[i] = (random.nextInt(distinct) + 1) * (random.nextBoolean() ? 1e-3f : -1e-3f);
        }

        assertSelected(x, x.length / 3);
    }

    @Test
    void selectionFindsOutliersThatASampleMisses() {
        float[] x = new float[TWO_CHUNKS];
        x[Chunks.CHUNK - 1] = 5;
        x[100_003] = -7;
        x[TWO_CHUNKS - 1] = Float.POSITIVE_INFINITY;

        assertSelected(x, 2);
    }

    @Test
    void keepingEverythingOrNothingNeedsNoReading() {
        assertThat(select(new float[] {1, 2}, 2)).isEqualTo(Mask.ALL);
        assertThat(select(new float[] {1, 2}, 0)).isEqualTo(Mask.NONE);
    }

    @Test
    void absoluteSumsTellAllFromKept() {
        ArrayPrimitives arrays =
                new ArrayPrimitives(0, new float[] {1, 1, 1}, new float[] {2, -1, 4});
        Mask[] masks = arrays.primitives().select(new long[] {0, 2});

        double[][] sums = arrays.primitives().absoluteSums(masks);

        assertThat(sums[1]).containsExactly(6, 5);
    }

    @Test
    void gramDoesNotLosePrecisionOverManyElements() {
        float[] x = new float[TWO_CHUNKS];
        Arrays.fill(x, 0.1f);

        double[][] gram = new ArrayPrimitives(Primitives.NO_BASE, x).primitives().gram();

        double exact = (double) 0.1f * 0.1f * TWO_CHUNKS;
        assertThat(gram[0][0]).isCloseTo(exact, within(exact * 1e-10));
    }

    private static Mask select(float[] x, long keep) {
        return new ArrayPrimitives(0, new float[x.length], x)
                .primitives()
                .select(new long[] {0, keep})[1];
    }

    private static void assertSelected(float[] x, long keep) {
        float[] sorted = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            sorted[i] = Math.abs(x[i]);
        }
        Arrays.sort(sorted);
        float threshold = sorted[(int) (x.length - keep)];

        float[] kept = kept(x, select(x, keep));

        long count = 0;
        for (int i = 0; i < x.length; i++) {
            if (kept[i] != 0) {
                count++;
                assertThat(Math.abs(x[i])).isGreaterThanOrEqualTo(threshold);
            }
        }
        assertThat(count).isEqualTo(keep);
    }

    private static float[] kept(float[] x, Mask mask) {
        return KeptElements.of(Shape.of(x.length), x, mask);
    }

    private static int[] bits(float[] x) {
        int[] bits = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            bits[i] = Float.floatToRawIntBits(x[i]);
        }
        return bits;
    }
}
