package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.IsoCReference;
import org.junit.jupiter.api.Test;

class IsoCMergeTest implements SpectralContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new IsoCMerge());
    }

    @Override
    public double[] expected(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        return IsoCReference.merge(base, models, weights, rows, lambda);
    }

    /// The sum of the task vectors is diag(6, 2), which becomes diag(4, 4).
    @Test
    void singularValuesBecomeTheirMean() {
        float[] merged =
                merge().base(1, 0, 0, 1)
                        .model(5, 0, 0, 1)
                        .model(3, 0, 0, 3)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {5, 0, 0, 5}, Directions.ROUNDING);
    }

    /// Rank 1 of 2: the mean of 4 and 0, along the only direction.
    @Test
    void zeroDirectionsCountInTheMean() {
        float[] merged =
                merge().base(0, 0, 0, 0).model(4, 0, 0, 0).shape(2, 2).named(MATRIX).merge();

        assertThat(merged).containsExactly(new float[] {2, 0, 0, 0}, Directions.ROUNDING);
    }
}
