package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Thinned out task vectors vote on the sign of each element, as in TIES.
interface ElectionContract extends ThinningContract {
    @Override
    default boolean elects() {
        return true;
    }

    private MergeCase zeroBase(boolean normalize) {
        return new MergeCase(method()).base(0, 0, 0, 0).set("normalize", normalize ? 1 : 0);
    }

    private static Map<String, Double> whole(double weight) {
        return Map.of("weight", weight, "density", 1.0);
    }

    @Test
    default void onlyChangesOfTheHeavierSignAreAveraged() {
        float[] merged =
                zeroBase(true).model(whole(1), 3, 3, -3, 1).model(whole(1), -1, 1, -1, -3).merge();

        assertThat(merged).containsExactly(3, 2, -2, -3);
    }

    @Test
    default void weightsTakePartInTheElectionAndTheAverage() {
        float[] merged =
                zeroBase(true).model(whole(1), 3, 3, 0, 0).model(whole(3), -2, 1, 0, 0).merge();

        assertThat(merged).containsExactly(-2, 1.5f, 0, 0);
    }

    @Test
    default void tieElectsThePositiveSign() {
        float[] merged =
                zeroBase(true).model(whole(1), 2, -2, 0, 0).model(whole(1), -2, 2, 0, 0).merge();

        assertThat(merged).containsExactly(2, 2, 0, 0);
    }

    @Test
    default void modelsThatChangedNothingDoNotWaterDownTheAverage() {
        float[] merged =
                zeroBase(true).model(whole(1), 4, -4, 0, 0).model(whole(1), 0, 0, 0, 0).merge();

        assertThat(merged).containsExactly(4, -4, 0, 0);
    }

    @Test
    default void withoutNormalizeTheElectedChangesAreSummed() {
        float[] merged =
                zeroBase(false).model(whole(1), 3, 3, 0, 0).model(whole(0.5), 2, -2, 0, 0).merge();

        assertThat(merged).containsExactly(4, 3, 0, 0);
    }

    @Test
    default void divisorIsTheSumOfTheElectedWeightsWithTheirSigns() {
        float[] merged =
                zeroBase(true).model(whole(1), 2, 0, 0, 0).model(whole(-0.5), -2, 0, 0, 0).merge();

        assertThat(merged).containsExactly(6, 0, 0, 0);
    }

    @Test
    default void weightsThatCancelOutDoNotDivide() {
        float[] merged =
                zeroBase(true).model(whole(1), 2, 0, 0, 0).model(whole(-1), -2, 0, 0, 0).merge();

        assertThat(merged).containsExactly(4, 0, 0, 0);
    }
}
