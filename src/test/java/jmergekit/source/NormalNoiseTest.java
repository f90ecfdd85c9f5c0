package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import jmergekit.tile.CounterRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalNoiseTest {
    private static final int MANY = 1 << 20;

    /// Values of the distribution that tables list.
    @ParameterizedTest
    @CsvSource({
        "0.5, 0",
        "0.8413447460685429, 1",
        "0.975, 1.959963984540054",
        "0.9986501019683699, 3",
        "0.000001, -4.753424308822899",
        "0.9999999990134123, 6"
    })
    void quantilesAreThoseOfTheNormalDistribution(double p, double z) {
        assertThat(NormalQuantile.of(p)).isCloseTo(z, within(1e-8));
    }

    @Test
    void numbersHaveMeanZeroAndVarianceOne() {
        float[] x = read(CounterRandom.key(1, "w", 0), 0, MANY);

        double mean = 0;
        double squares = 0;
        double fourths = 0;
        for (float v : x) {
            mean += v / (double) MANY;
            squares += (double) v * v / MANY;
            fourths += (double) v * v * v * v / MANY;
        }

        // Five standard errors of each.
        assertThat(mean).isCloseTo(0, within(5.0 / 1024));
        assertThat(squares).isCloseTo(1, within(5 * Math.sqrt(2) / 1024));
        assertThat(fourths).isCloseTo(3, within(5 * Math.sqrt(96) / 1024));
    }

    @Test
    void numberOfAnElementDoesNotDependOnWhereReadingStarts() {
        long key = CounterRandom.key(7, "w", 0);

        assertThat(read(key, 1000, 50))
                .containsExactly(Arrays.copyOfRange(read(key, 0, 1050), 1000, 1050));
    }

    @Test
    void otherSeedsAndNamesGiveOtherNumbers() {
        float[] numbers = read(CounterRandom.key(1, "w", 0), 0, 4);

        assertThat(read(CounterRandom.key(2, "w", 0), 0, 4)).isNotEqualTo(numbers);
        assertThat(read(CounterRandom.key(1, "v", 0), 0, 4)).isNotEqualTo(numbers);
    }

    private static float[] read(long key, long from, int n) {
        float[] into = new float[n];
        new NormalNoise(key, MANY).read(from, n, into);
        return into;
    }
}
