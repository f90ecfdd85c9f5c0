package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RotaryFrequenciesTest {
    private static final Offset<Double> EXACT = within(1e-12);

    private final RotaryFrequencies plain = RotaryFrequencies.of(10_000, 8);

    @Test
    void pairsTurnAtPowersOfTheta() {
        assertThat(plain.angles()).containsExactly(new double[] {1, 0.1, 0.01, 0.001}, EXACT);
        assertThat(plain.magnitude()).isEqualTo(1);
    }

    @Test
    void linearScalingSlowsAllPairs() {
        assertThat(plain.linear(4).angles())
                .containsExactly(new double[] {0.25, 0.025, 0.0025, 0.00025}, EXACT);
    }

    /// Within 200 pi positions the pairs turn 100, 10, 1 and 0.1 times; of 1 to 19 turns, 10 are
    /// half-way.
    @Test
    void llama3KeepsFastPairsSlowsSlowOnesAndMixesThoseBetween() {
        RotaryFrequencies scaled = plain.llama3(8, 1, 19, 200 * Math.PI);

        double half = 0.5 * 0.1 + 0.5 * 0.1 / 8;
        assertThat(scaled.angles())
                .containsExactly(new double[] {1, half, 0.01 / 8, 0.001 / 8}, EXACT);
    }

    /// Within 6400 pi positions the pairs turn 3200, 320, 32 and 3.2 times: the third turns 32
    /// times, and one turn is beyond the last.
    @Test
    void yarnMixesBetweenThirtyTwoTurnsAndOne() {
        RotaryFrequencies scaled = plain.yarn(4, 10_000, 6400.0001 * Math.PI);

        // From pair 2 to pair 4 (3.5 rounded up): half of the way is pair 3.
        double half = 0.5 * 0.001 + 0.5 * 0.001 / 4;
        assertThat(scaled.angles()).containsExactly(new double[] {1, 0.1, 0.01, half}, EXACT);
        assertThat(scaled.magnitude()).isCloseTo(0.1 * Math.log(4) + 1, EXACT);
    }
}
