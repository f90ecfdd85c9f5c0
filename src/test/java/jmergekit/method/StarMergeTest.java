package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.StarReference;
import org.junit.jupiter.api.Test;

class StarMergeTest implements SpectralContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new StarMerge());
    }

    @Override
    public double[] expected(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        return StarReference.merge(base, models, weights, rows, 0.4, lambda);
    }

    /// 4 of 6 is more than 40 %, so that only the first value is kept, and becomes 6.
    @Test
    void smallSingularValuesAreDroppedAndTheRestRescaled() {
        float[] merged =
                merge().base(new float[4]).model(4, 0, 0, 2).shape(2, 2).named(MATRIX).merge();

        assertThat(merged).containsExactly(new float[] {6, 0, 0, 0}, Directions.ROUNDING);
    }

    @Test
    void modelsAreAveraged() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 2)
                        .model(0, 0, 0, 3)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {3, 0, 0, 1.5f}, Directions.ROUNDING);
    }

    @Test
    void keepingEverythingGivesTheOnlyModel() {
        float[] model = {4, 1, 2, 1, 5, 7};

        float[] merged =
                merge().base(new float[6])
                        .model(model)
                        .shape(2, 3)
                        .named(MATRIX)
                        .set("nuclear_share", 1)
                        .merge();

        assertThat(merged).containsExactly(model, Directions.ROUNDING);
    }

    @Test
    void atLeastOneSingularValueIsKept() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 2)
                        .shape(2, 2)
                        .named(MATRIX)
                        .set("nuclear_share", 0)
                        .merge();

        assertThat(merged).containsExactly(new float[] {6, 0, 0, 0}, Directions.ROUNDING);
    }
}
