package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Thinned out task vectors are summed without a vote.
interface PlainSumContract extends ThinningContract {
    @Override
    default boolean elects() {
        return false;
    }

    private MergeCase two(boolean normalize) {
        return new MergeCase(method()).base(10, 10).set("normalize", normalize ? 1 : 0);
    }

    private static Map<String, Double> whole(double weight) {
        return Map.of("weight", weight, "density", 1.0);
    }

    @Test
    default void changesOfBothSignsAreSummed() {
        float[] merged = two(false).model(whole(1), 13, 6).model(whole(2), 8, 12).merge();

        assertThat(merged).containsExactly(9, 10);
    }

    @Test
    default void normalizeDividesByTheWeightsOfAllModels() {
        float[] merged = two(true).model(whole(1), 14, 10).model(whole(3), 10, 6).merge();

        assertThat(merged).containsExactly(11, 7);
    }

    @Test
    default void normalizeLeavesWeightsThatCancelOut() {
        float[] merged = two(true).model(whole(1), 14, 10).model(whole(-1), 10, 6).merge();

        assertThat(merged).containsExactly(14, 14);
    }
}
