package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CholeskyTest {
    @Test
    void aSystemOfTwoIsSolved() {
        Cholesky factor = new Cholesky(2);
        assertThat(factor.add(new double[] {}, 4, 0)).isTrue();
        assertThat(factor.add(new double[] {2}, 5, 0)).isTrue();

        double[] b = {8, 8};
        factor.solve(b);

        // 4 x + 2 y = 8 and 2 x + 5 y = 8
        assertThat(b).containsExactly(1.5, 1);
    }

    @Test
    void whatDependsOnTheOthersIsNotAdded() {
        Cholesky factor = new Cholesky(2);
        factor.add(new double[] {}, 4, 1e-6);

        assertThat(factor.add(new double[] {2}, 1, 1e-6)).isFalse();
        assertThat(factor.size()).isEqualTo(1);
    }

    @Test
    void itCanBeginAnew() {
        Cholesky factor = new Cholesky(1);
        factor.add(new double[] {}, 4, 0);
        factor.clear();
        factor.add(new double[] {}, 2, 0);
        double[] b = {6};
        factor.solve(b);

        assertThat(b[0]).isBetween(2.999999, 3.000001);
    }
}
