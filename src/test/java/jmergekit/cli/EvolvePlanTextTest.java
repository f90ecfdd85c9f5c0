package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.search.Variable;
import org.junit.jupiter.api.Test;

final class EvolvePlanTextTest {
    @Test
    void stepsAreShown() {
        assertThat(EvolvePlanText.line(new Variable.Real("x", 0, 2, false, 1)))
                .isEqualTo("x: 0.0 to 2.0, from 1.0");
        assertThat(EvolvePlanText.line(new Variable.Real("x", 1, 9, true, 3, 2)))
                .isEqualTo("x: 1.0 to 9.0 on a log scale in steps of 2.0, from 3.0");
    }
}
