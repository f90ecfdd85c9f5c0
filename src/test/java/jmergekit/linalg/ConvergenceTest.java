package jmergekit.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
    private static final int NEVER = 1000;

    /// The first round, from 1, after which nothing more is expected.
    private static int rounds(double total, IntToDoubleFunction captured) {
        Convergence convergence = new Convergence(total, 1e-3, 1e-8);
        for (int round = 1; round < NEVER; round++) {
            if (convergence.reached(captured.applyAsDouble(round))) {
                return round;
            }
        }
        return NEVER;
    }

    @Test
    void threeRoundsAreTheFewest() {
        assertThat(rounds(10, round -> 5)).isEqualTo(3);
    }

    @Test
    void gainsInAConstantRatioEndWhenTheirSumIsSmall() {
        // 5 - 0.5^round: after round 8 is left 1/256, below 1e-3 of the error 5; the estimate is
        // 3 times the last gain of 1/512 and so on.
        assertThat(rounds(10, round -> 5 - Math.pow(0.5, round))).isBetween(8, 11);
    }

    @Test
    void gainsThatFadeSlowlyDoNotEndEarly() {
        // 5 - 1 / round: 1e-3 of the error is left after 200 rounds.
        assertThat(rounds(10, round -> 5 - 1.0 / round)).isBetween(150, 400);
    }

    @Test
    void growingGainsDoNotEnd() {
        assertThat(rounds(1e300, round -> Math.pow(1.01, round))).isEqualTo(NEVER);
    }

    @Test
    void gainsBelowTheRoundingEnd() {
        // All is captured in the end: no error is left that a gain could be compared with. The
        // fourth
        // gain is 1e-9.
        assertThat(rounds(5, round -> 5 - Math.pow(1e-3, round))).isEqualTo(4);
    }
}
