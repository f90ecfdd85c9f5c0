package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.IsoCtsReference;
import org.junit.jupiter.api.Test;

class IsoCtsMergeTest implements SpectralContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new IsoCtsMerge());
    }

    @Override
    public double[] expected(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        return IsoCtsReference.merge(base, models, weights, rows, 0.8, lambda);
    }

    /// One common direction, of diag(6, 0, 0, 0) + ..., and one for each model of what it does not span.
    @Test
    void eachModelAddsItsOwnDirection() {
        float[] merged =
                merge().base(new float[9])
                        .model(4, 0, 0, 0, 1, 0, 0, 0, 0)
                        .model(3, 0, 0, 0, 0, 0, 0, 0, 1)
                        .shape(3, 3)
                        .named(MATRIX)
                        .set("common_space", 0.34)
                        .merge();

        // The collected singular values are 7, 1 and 1.
        assertThat(merged)
                .containsExactly(new float[] {3, 0, 0, 0, 3, 0, 0, 0, 3}, Directions.ROUNDING);
    }

    @Test
    void withoutOwnDirectionsItIsIsoC() {
        float[] base = new float[4];
        float[] all =
                merge().base(base)
                        .model(4, 0, 0, 1)
                        .model(2, 0, 0, 1)
                        .shape(2, 2)
                        .named(MATRIX)
                        .set("common_space", 1)
                        .merge();

        assertThat(all).containsExactly(new float[] {4, 0, 0, 4}, Directions.ROUNDING);
    }

    @Test
    void withoutCommonDirectionsItAgreesWithTheReferenceToo() {
        float[] base = new float[30];
        float[][] models = {MergeCase.random(1, 30), MergeCase.random(2, 30)};

        float[] merged =
                merge().base(base)
                        .model(models[0])
                        .model(models[1])
                        .shape(5, 6)
                        .named(MATRIX)
                        .set("common_space", 0)
                        .merge();

        double[] expected = IsoCtsReference.merge(base, models, new double[] {1, 1}, 5, 0, 1);
        assertThat(MergeCase.differing(merged, expected)).isEmpty();
    }

    @Test
    void withoutCommonDirectionsEveryModelHasItsShare() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 1)
                        .model(1, 0, 0, 2)
                        .shape(2, 2)
                        .named(MATRIX)
                        .set("common_space", 0)
                        .merge();

        assertThat(merged).containsExactly(new float[] {3, 0, 0, 3}, Directions.ROUNDING);
    }
}
