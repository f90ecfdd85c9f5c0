package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.ConsensusReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ConsensusMergeTest implements ElementCases {
    private static final double[] WEIGHTS = {1, 0.5, -2};
    private static final double[] THRESHOLDS = {0.25, 0.5, 1.5};

    @Override
    public MergeCase merge() {
        return new MergeCase(new ConsensusMerge());
    }

    /// The first element matters to both models; the second to one of them, since 1 is not more than
    /// 0.4 * 3; the third to none but the first.
    @Test
    void elementsThatMatterToOneModelOnlyKeepTheBase() {
        float[] merged = merge().base(10, 10, 10).model(12, 13, 15).model(14, 11, 10).merge();

        assertThat(merged).containsExactly(16, 10, 10);
    }

    @Test
    void contributionsExactlyAtTheThresholdDoNotMatter() {
        Map<String, Double> half = Map.of("mask_threshold", 0.5);

        float[] merged = merge().base(0, 0).model(half, 1, 1.5f).model(half, 2, 2).merge();

        assertThat(merged).containsExactly(0, 3.5f);
    }

    /// To the third model, the others cancel out.
    @Test
    void otherContributionsAreSummedWithTheirSigns() {
        float[] merged = merge().base(0).model(4).model(-4).model(0.5f).set("k", 3).merge();

        assertThat(merged).containsExactly(0.5f);
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "1, 5", "1.9, 5", "2, 0", "3, 0", "100, 0"})
    void kIsRoundedDownAndLimitedToTheModels(double k, float merged) {
        assertThat(merge().base(0).model(5).model(0).set("k", k).merge()).containsExactly(merged);
    }

    @Test
    void tensorsOfOneModelNeedOnlyThatModel() {
        assertThat(merge().base(1).model(3).set("k", 2).merge()).containsExactly(3);
    }

    @Test
    void weightsAreAppliedBeforeTheMasks() {
        Map<String, Double> tenth = Map.of("weight", 0.125);

        assertThat(merge().base(0).model(4).model(tenth, 4).merge()).containsExactly(0);
    }

    @Test
    void lambdaScalesTheSum() {
        assertThat(merge().base(1).model(3).model(4).set("lambda", 0.5).merge())
                .containsExactly(3.5f);
    }

    @Test
    void orderOfTheModelsDoesNotMatter() {
        float[] base = MergeCase.random(1, 5000);
        float[] one = MergeCase.random(2, 5000);
        float[] two = MergeCase.random(3, 5000);
        float[] three = MergeCase.random(4, 5000);

        assertThat(merge().base(base).model(three).model(one).model(two).merge())
                .isEqualTo(merge().base(base).model(one).model(two).model(three).merge());
    }

    @ParameterizedTest
    @FieldSource("jmergekit.method.MergeCase#SIZES")
    void agreesWithTheReference(int size) {
        float[] base = MergeCase.random(size, size);
        float[][] models = new float[3][];
        MergeCase merge = merge().base(base).set("lambda", 0.75);
        for (int m = 0; m < models.length; m++) {
            models[m] = MergeCase.random(10L * size + m, size);
            merge.model(Map.of("weight", WEIGHTS[m], "mask_threshold", THRESHOLDS[m]), models[m]);
        }

        for (int k = 1; k <= 3; k++) {
            double[] expected =
                    ConsensusReference.merge(base, models, WEIGHTS, THRESHOLDS, k, 0.75);

            assertThat(MergeCase.differing(merge.set("k", k).merge(), expected)).isEmpty();
        }
    }
}
