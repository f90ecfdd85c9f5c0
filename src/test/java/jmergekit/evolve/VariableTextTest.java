package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.search.Variable;
import org.junit.jupiter.api.Test;

final class VariableTextTest {
    @Test
    void rangesOfNumbers() {
        assertThat(VariableText.range(new Variable.Real("x", 0, 2, false, 1))).isEqualTo("0 to 2");
        assertThat(VariableText.range(new Variable.Real("x", 1, 9, true, 1, 2)))
                .isEqualTo("1 to 9, by factors, in steps of 2");
    }
}
