package jmergekit.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Mask.BernoulliByRank;
import jmergekit.tensor.Shape;
import jmergekit.tile.CounterRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowRanksTest {
    private static final BernoulliByRank MASK =
            new BernoulliByRank(CounterRandom.key(0, "x", 1), 0.5, 0.4);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 256, 257, 1000, 4095, 4096, 4097, 9000})
    void ranksAreThoseOfASort(int length) {
        float[] x = gaussian(20_000 / length * length);

        assertThat(kept(x, length, MASK)).isEqualTo(expected(x, length, MASK));
    }

    @ParameterizedTest
    @CsvSource({"1, 999", "2, 999", "40, 999", "1, 200", "3, 200"})
    void ofEqualMagnitudesTheLaterRanksHigher(int distinct, int length) {
        Random random = new Random(3);
        float[] x = new float[20 * length];
        for (int i = 0; i < x.length; i++) {
            float magnitude = (1 + random.nextInt(distinct)) / 64f;
            x[i] = random.nextBoolean() ? magnitude : -magnitude;
        }

        assertThat(kept(x, length, MASK)).isEqualTo(expected(x, length, MASK));
    }

    /// They agree in the bits that count.
    @Test
    void magnitudesThatDifferInTheirLastBitsRankByPlace() {
        float[] x = new float[8 * 500];
        float[] equal = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Float.intBitsToFloat(Float.floatToIntBits(1f) + (x.length - i) * 16);
            equal[i] = 1;
        }

        float[] kept = kept(x, 500, MASK);

        float[] keptOfEqual = kept(equal, 500, MASK);
        for (int i = 0; i < x.length; i++) {
            assertThat(kept[i]).isEqualTo(keptOfEqual[i] * x[i]);
        }
    }

    @Test
    void zerosTakeTheLowestRanks() {
        float[] x = {0, 3, 0, -1, 0, 0, 2, -0f};

        assertThat(kept(x, 8, MASK)).isEqualTo(expected(x, 8, MASK));
    }

    @Test
    void rowsThatCrossTheBorderOfAChunkAreRankedAsAWhole() {
        int length = 3001;
        float[] x = gaussian((Chunks.CHUNK / length + 2) * length);

        assertThat(Arrays.equals(kept(x, length, MASK), expected(x, length, MASK))).isTrue();
    }

    @Test
    void longRowsAreRankedInRuns() {
        float[] x = gaussian(Chunks.CHUNK + 1001);

        float[] kept = kept(x, x.length, MASK);

        assertThat(Arrays.equals(kept, expected(x, RowRanks.MAX_RUN, MASK))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.4", "0.2, 0.1", "0.7, 0.25", "0.3, 0"})
    void probabilityGrowsEvenlyWithTheRank(double density, double epsilon) {
        int rows = 20_000;
        float[] x = new float[5 * rows];
        for (int i = 0; i < x.length; i++) {
            // Magnitudes 1 to 5, in another order in every row.
            x[i] = 1 + (i + i / 5) % 5;
        }

        float[] kept = kept(x, 5, new BernoulliByRank(MASK.key(), density, epsilon));

        for (int rank = 0; rank < 5; rank++) {
            double magnitude = rank + 1;
            double share = share(kept, i -> kept[i] == magnitude ? 1 : 0) * 5;
            double probability = density - epsilon + 2 * epsilon * rank / 4;
            double deviation = Math.sqrt(probability * (1 - probability) / rows);
            assertThat(share).isCloseTo(probability, within(5 * deviation));
        }
    }

    @Test
    void rowsOfOneElementHaveTheDensity() {
        float[] kept = kept(gaussian(20_000), 1, new BernoulliByRank(MASK.key(), 0.3, 0.25));

        assertThat(share(kept, i -> kept[i] != 0 ? 1 : 0)).isCloseTo(0.3, within(0.0163));
    }

    private static double share(float[] x, IntToDoubleFunction counted) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += counted.applyAsDouble(i);
        }
        return sum / x.length;
    }

    /// What is left of `x` by sorting every row, the last of which may be shorter.
    private static float[] expected(float[] x, int length, BernoulliByRank mask) {
        float[] kept = new float[x.length];
        for (int row = 0; row < x.length; row += length) {
            int size = Math.min(length, x.length - row);
            long[] order = new long[size];
            for (int i = 0; i < size; i++) {
                long magnitude =
                        Float.floatToIntBits(Math.abs(x[row + i]))
                                >>> (size > RowRanks.SORTED ? 16 : 0);
                order[i] = magnitude << 32 | i;
            }
            Arrays.sort(order);
            for (int rank = 0; rank < size; rank++) {
                int element = row + (int) order[rank];
                double share = size == 1 ? 0.5 : rank / (size - 1.0);
                double probability = mask.density() - mask.epsilon() + 2 * mask.epsilon() * share;
                double draw = (CounterRandom.bits(mask.key(), element) & 0xffff_ffffL) * 0x1p-32;
                kept[element] = draw < probability ? x[element] : 0;
            }
        }
        return kept;
    }

    private static float[] kept(float[] x, int length, BernoulliByRank mask) {
        return KeptElements.of(Shape.of(x.length / length, length), x, mask);
    }

    private static float[] gaussian(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
