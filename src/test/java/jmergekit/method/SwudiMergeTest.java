package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.SwudiReference;
import org.junit.jupiter.api.Test;

class SwudiMergeTest implements SpectralContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new SwudiMerge()).set("rank_ratio", 0.5);
    }

    @Override
    public double[] expected(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        int columns = base.length / rows;
        return SwudiReference.merge(
                base, models, weights, rows, (int) Math.round(0.5 * columns), 300, lambda);
    }

    /// The inputs of the two models are orthogonal: each solves its own.
    @Test
    void modelsWithDifferentInputsDoNotDisturbEachOther() {
        float[] merged =
                new MergeCase(new SwudiMerge())
                        .base(new float[4])
                        .model(4, 0, 1, 0)
                        .model(0, 3, 0, 1)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {4, 3, 1, 1}, Directions.ROUNDING);
    }

    /// Both use the same input: the closed form is the mean of the two, weighted by their gains.
    @Test
    void modelsWithTheSameInputsAreAveraged() {
        float[] merged =
                new MergeCase(new SwudiMerge())
                        .base(new float[4])
                        .model(4, 0, 0, 0)
                        .model(2, 0, 0, 0)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {3, 0, 0, 0}, Directions.ROUNDING);
    }

    @Test
    void oneModelGivesThatModel() {
        float[] model = {4, 1, 2, 1, 5, 7};

        float[] merged = merge().base(new float[6]).model(model).shape(2, 3).named(MATRIX).merge();

        assertThat(merged).containsExactly(model, Directions.ROUNDING);
    }

    @Test
    void withoutTimeItIsTheSum() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 0)
                        .model(2, 0, 0, 5)
                        .shape(2, 2)
                        .named(MATRIX)
                        .set("time", 0)
                        .merge();

        assertThat(merged).containsExactly(new float[] {6, 0, 0, 5}, Directions.ROUNDING);
    }
}
