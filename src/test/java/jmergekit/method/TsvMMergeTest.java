package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.TsvMReference;
import org.junit.jupiter.api.Test;

class TsvMMergeTest implements SpectralContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new TsvMMerge());
    }

    @Override
    public double[] expected(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        return TsvMReference.merge(base, models, weights, rows, lambda);
    }

    /// Each keeps one of its two directions, and the two are orthogonal already.
    @Test
    void everyModelKeepsItsMainDirection() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 1)
                        .model(1, 0, 0, 3)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {4, 0, 0, 3}, Directions.ROUNDING);
    }

    @Test
    void oneModelGivesThatModel() {
        float[] model = {4, 1, 2, 1, 5, 7};

        float[] merged = merge().base(new float[6]).model(model).shape(2, 3).named(MATRIX).merge();

        assertThat(merged).containsExactly(model, Directions.ROUNDING);
    }

    /// The same direction twice: the polar factors halve each, and the two add up.
    @Test
    void equalModelsDoNotAddUp() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 1)
                        .model(4, 0, 0, 1)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {4, 0, 0, 0}, Directions.ROUNDING);
    }

    @Test
    void withMoreModelsThanDirectionsEachKeepsOne() {
        float[] merged =
                merge().base(new float[4])
                        .model(4, 0, 0, 0)
                        .model(0, 0, 0, 2)
                        .model(4, 0, 0, 0)
                        .shape(2, 2)
                        .named(MATRIX)
                        .merge();

        assertThat(merged).containsExactly(new float[] {4, 0, 0, 2}, Directions.ROUNDING);
    }
}
