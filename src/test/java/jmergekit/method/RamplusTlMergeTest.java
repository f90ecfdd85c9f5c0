package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import jmergekit.method.reference.RamReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RamplusTlMergeTest implements ContributionContract {
    @Override
    public MergeCase merge() {
        return new MergeCase(new RamplusTlMerge()).set("r", 0.5).set("alpha", 1);
    }

    @Override
    public double[] reference(float[] base, float[][] models, double epsilon) {
        return RamReference.ramPlus(base, models, epsilon, 0.5, 1);
    }

    /// The first model shares one change and has two of its own, the second one of its own.
    @ParameterizedTest
    @CsvSource({
        // r, alpha, factor of the first model, of the second
        "1, 0.75, 1.5, 1.75",
        "0.5, 2, 1.25, 1.5",
        "0.5, 0.25, 1.125, 1.125",
        "0, 1, 1, 1"
    })
    void loneChangesGrowWithTheShareOfSharedOnes(
            double r, double alpha, float first, float second) {
        float[] merged =
                merge().base(0, 0, 0, 0, 0)
                        .model(2, 4, -8, 0, 0)
                        .model(4, 0, 0, 8, 0)
                        .set("r", r)
                        .set("alpha", alpha)
                        .merge();

        assertThat(merged).containsExactly(3, 4 * first, -8 * first, 8 * second, 0);
    }

    @Test
    void modelsThatShareNothingKeepTheirChangesAsTheyAre() {
        assertThat(merge().base(1, 1, 1).model(3, 1, 1).model(1, 4, 1).merge())
                .containsExactly(3, 4, 1);
    }

    @Test
    void modelsThatShareEverythingAreAveraged() {
        assertThat(merge().base(1, 1).model(3, 5).model(5, 9).merge()).containsExactly(4, 7);
    }
}
