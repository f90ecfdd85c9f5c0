package jmergekit.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.ArrayPrimitives;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Selections other than of the largest, on small tensors and on ones of several chunks.
class DifferenceSelectionTest {
    private static final int TWO_CHUNKS = Chunks.CHUNK + 5;

    @Test
    void betweenDropsBothEnds() {
        float[] x = {5, -4, 3, -2, 1};

        assertThat(between(x, 1, 2)).containsExactly(0, 0, 3, -2, 0);
        assertThat(between(x, 0, 1)).containsExactly(0, -4, 3, -2, 1);
        assertThat(between(x, 2, 0)).containsExactly(5, -4, 3, 0, 0);
        assertThat(between(x, 2, 3)).containsOnly(0);
        assertThat(between(x, 0, 0)).containsExactly(x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, TWO_CHUNKS})
    void betweenIsExactOnLargeTensors(int copies) {
        float[] x = shuffled(TWO_CHUNKS, copies);
        int bottom = 1_000_001;
        int top = 300_007;

        float[] kept = between(x, bottom, top);

        float[] sorted = magnitudes(x);
        Arrays.sort(sorted);
        assertThat(magnitudesOf(kept, x.length - bottom - top))
                .isEqualTo(Arrays.copyOfRange(sorted, bottom, sorted.length - top));
    }

    @Test
    void fewMagnitudesThatDifferInTheirLastBitsAreToldApart() {
        float[] x = shuffled(TWO_CHUNKS, 100_000);
        float above = Math.nextUp(20f);
        for (int i = 0; i < 6; i++) {
            // A sample sees none of them.
            x[700_001 * i] = i % 2 == 0 ? -above : Math.nextDown(20f);
        }
        float[] sorted = magnitudes(x);
        Arrays.sort(sorted);
        int first = Arrays.binarySearch(sorted, above);
        while (sorted[first - 1] == above) {
            first--;
        }

        for (int bottom : new int[] {first - 1, first, first + 1, first + 3}) {
            float[] kept = magnitudesOf(between(x, bottom, 0), x.length - bottom);
            assertThat(Arrays.equals(kept, Arrays.copyOfRange(sorted, bottom, sorted.length)))
                    .isTrue();
        }
    }

    @Test
    void anInfiniteChangeIsDroppedAsTheLargest() {
        for (int size : new int[] {5, SortOrder.MAX_ELEMENTS + 1}) {
            float[] x = new float[size];
            Arrays.fill(x, 1);
            x[3] = Float.POSITIVE_INFINITY;

            float[] kept = between(x, 0, 1);

            x[3] = 0;
            assertThat(kept).containsExactly(x);
        }
    }

    @Test
    void varyingKeepsWhereTheSourcesDiffer() {
        float[] a = {1, 1, 1, 2, 0};
        float[] b = {1, 2, 5, 4, 0};

        // Variances 0, 1/4, 4, 1 and 0: three are above 0, two thirds of them are two.
        float[][] kept = varying(0.7, a, b);

        assertThat(kept[0]).containsExactly(0, 0, 1, 2, 0);
        assertThat(kept[1]).containsExactly(0, 0, 5, 4, 0);
    }

    @Test
    void varyingKeepsNothingOfAShareThatIsNoElement() {
        assertThat(varying(0.4, new float[] {1, 2}, new float[] {3, 2})[0]).containsOnly(0);
        assertThat(varying(1, new float[] {1, 2}, new float[] {1, 2})[0]).containsExactly(1, 2);
    }

    @Test
    void varyingIsExactOnLargeTensors() {
        float[] a = shuffled(TWO_CHUNKS, 1);
        float[] b = new float[TWO_CHUNKS];
        for (int i = 0; i < b.length; i++) {
            // A tenth does not vary at all.
            b[i] = i % 10 == 0 ? a[i] : 0;
        }

        float[] kept = varying(0.25, a, b)[0];

        float[] distances = new float[TWO_CHUNKS];
        int varying = 0;
        for (int i = 0; i < a.length; i++) {
            distances[i] = Math.abs(a[i] - b[i]);
            varying += distances[i] > 0 ? 1 : 0;
        }
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        int keep = varying / 4;
        float threshold = sorted[sorted.length - keep];
        int count = 0;
        for (int i = 0; i < a.length; i++) {
            if (kept[i] != 0) {
                count++;
                assertThat(distances[i]).isGreaterThanOrEqualTo(threshold);
            }
        }
        assertThat(count).isEqualTo(keep);
    }

    @Test
    void squareSumsAreThoseOfWhatIsKept() {
        ArrayPrimitives arrays =
                new ArrayPrimitives(0, new float[] {1, 1, 1}, new float[] {2, -1, 4});
        Mask[] masks = arrays.primitives().select(new long[] {0, 2});

        assertThat(arrays.primitives().squareSums(masks)[1]).isEqualTo(4 + 9);
    }

    @Test
    void contributionsAreCountedAloneAndShared() {
        float[] base = {0, 0, 0, 0};
        ArrayPrimitives arrays =
                new ArrayPrimitives(
                        0, base, new float[] {1, 1, 0.5f, -1}, new float[] {0, -1, 2, 1});

        long[][] counts = arrays.primitives().contributions(0.5);

        assertThat(counts[1]).containsExactly(1, 2);
        assertThat(counts[2]).containsExactly(1, 2);
    }

    @Test
    void orderStatisticsOfImportanceAreExactOnLargeTensors() {
        float[] base = new float[TWO_CHUNKS];
        float[] x = magnitudes(shuffled(TWO_CHUNKS, 1));
        for (int i = 0; i < x.length; i++) {
            x[i] /= 8_388_608;
        }
        Primitives primitives = new ArrayPrimitives(0, base, x).primitives();

        Importance importance = primitives.importance();
        long[] places = {0, TWO_CHUNKS / 4, TWO_CHUNKS / 2, TWO_CHUNKS - 1};
        float[] values = primitives.importanceAt(importance, places);

        float[] sorted = x.clone();
        Arrays.sort(sorted);
        assertThat(importance.rows()).hasSize(1);
        assertThat(importance.rows()[0]).isPositive();
        for (int i = 0; i < places.length; i++) {
            assertThat(values[i]).isEqualTo(sorted[(int) places[i]] * importance.rows()[0]);
        }
    }

    private static float[] between(float[] x, long bottom, long top) {
        ArrayPrimitives arrays = new ArrayPrimitives(0, new float[x.length], x);
        Mask[] masks =
                arrays.primitives().selectBetween(new long[] {0, bottom}, new long[] {0, top});
        return kept(masks[1], x);
    }

    private static float[][] varying(double topK, float[] a, float[] b) {
        float[] base = new float[a.length];
        Mask[] masks = new ArrayPrimitives(0, base, a, b).primitives().selectVarying(topK);
        return new float[][] {kept(masks[1], a, a, b), kept(masks[2], b, a, b)};
    }

    private static float[] kept(Mask mask, float[] x) {
        return kept(mask, x, x);
    }

    /// What the mask keeps of `x`, one of `sources`.
    private static float[] kept(Mask mask, float[] x, float[]... sources) {
        List<float[]> all = new ArrayList<>(List.of(new float[x.length]));
        Collections.addAll(all, sources);
        ArrayPrimitives arrays = new ArrayPrimitives(0, all.toArray(float[][]::new));
        double[] weights = new double[all.size()];
        weights[all.indexOf(x)] = 1;
        double[] ones = new double[all.size()];
        Arrays.fill(ones, 1);
        Mask[] masks = new Mask[all.size()];
        Arrays.fill(masks, mask);
        arrays.primitives()
                .combine(new TaskVectorSum(weights, ones, masks, Election.NONE, Division.NONE, 1));
        return arrays.result();
    }

    /// Magnitudes from 1 on, `copies` of each, in random order and of random sign.
    private static float[] shuffled(int size, int copies) {
        Random random = new Random(size + copies);
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = 1 + i / copies;
        }
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            float swapped = x[i];
            x[i] = random.nextBoolean() ? x[j] : -x[j];
            x[j] = swapped;
        }
        return x;
    }

    private static float[] magnitudes(float[] x) {
        float[] magnitudes = x.clone();
        for (int i = 0; i < x.length; i++) {
            magnitudes[i] = Math.abs(x[i]);
        }
        return magnitudes;
    }

    /// The sorted magnitudes that are not 0, of which there must be `count`.
    private static float[] magnitudesOf(float[] kept, int count) {
        float[] sorted = magnitudes(kept);
        Arrays.sort(sorted);
        int zeros = 0;
        while (zeros < sorted.length && sorted[zeros] == 0) {
            zeros++;
        }
        assertThat(sorted.length - zeros).isEqualTo(count);
        return Arrays.copyOfRange(sorted, zeros, sorted.length);
    }
}
