package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What RAM and RAM+ have in common: only changes of some size count.
interface ContributionContract {
    /// With parameters that enlarge lone changes by half at the most.
    MergeCase merge();

    double[] reference(float[] base, float[][] models, double epsilon);

    @Test
    default void sharedChangesAreAveraged() {
        float[] merged =
                merge().base(10, 10, 10)
                        .model(12, 14, 4)
                        .model(14, 14, 10)
                        .model(16, 10, 16)
                        .merge();

        assertThat(merged).containsExactly(14, 14, 10);
    }

    @Test
    default void changesOfExactlyEpsilonDoNotCount() {
        float[] merged =
                merge().base(0, 0)
                        .model(0.5f, -0.5f)
                        .model(0.75f, -0.5f)
                        .model(1.25f, 0.25f)
                        .set("epsilon", 0.5)
                        .merge();

        assertThat(merged).containsExactly(1, 0);
    }

    @Test
    default void epsilonOfZeroCountsEveryChange() {
        float[] merged =
                merge().base(0, 1).model(1e-20f, 1).model(3e-20f, 1).set("epsilon", 0).merge();

        assertThat(merged).containsExactly(2e-20f, 1);
    }

    @Test
    default void modelsThatChangedNothingLeaveTheBase() {
        float[] base = {1, -2, 3e-41f};

        assertThat(merge().base(base).model(base).model(base).merge()).isEqualTo(base);
    }

    @Test
    default void tensorOfTheBaseAloneStaysAsItIs() {
        assertThat(merge().base(1, -2, 3).merge()).containsExactly(1, -2, 3);
    }

    @Test
    default void oneModelIsTakenWithItsSmallestChangesLeftOut() {
        assertThat(merge().base(1, 2, 3).model(4, 2.000001f, 1).merge()).containsExactly(4, 2, 1);
    }

    @Test
    default void baseMayBeListedAnywhere() {
        assertThat(merge().model(12, 14).base(10, 10).model(14, 14).merge())
                .containsExactly(13, 14);
    }

    @Test
    default void changesToNotANumberAreNotLost() {
        float[] merged = merge().base(1, 2).model(Float.NaN, 4).model(1, 6).merge();

        assertThat(merged).containsExactly(Float.NaN, 5);
    }

    /// Models that change some of the elements each, by at least twice epsilon or not at all.
    @ParameterizedTest
    @FieldSource("jmergekit.method.MergeCase#SIZES")
    default void agreesWithTheReference(int size) {
        Random random = new Random(size);
        float[] base = MergeCase.random(size, size);
        float[][] models = new float[3][];
        MergeCase merge = merge().base(base).set("epsilon", 0x1p-11);
        for (int m = 0; m < 3; m++) {
            models[m] = MergeCase.random(10L * size + m, size);
            for (int i = 0; i < size; i++) {
                models[m][i] = random.nextInt(4) <= m ? models[m][i] : base[i];
            }
            merge.model(models[m]);
        }

        double[] expected = reference(base, models, 0x1p-11);

        assertThat(MergeCase.differing(merge.merge(), expected)).isEmpty();
    }
}
