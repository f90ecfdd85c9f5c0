package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.method.reference.TiesReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class TiesMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    private static final float[] ZERO = new float[4];

    @Test
    void densityKeepsTheLargestChanges() {
        float[] merged = ties().base(10, 10, 10, 10).model(set(1, 0.5), 11, 6, 13, 8).merge();

        assertThat(merged).containsExactly(10, 6, 13, 10);
    }

    @ParameterizedTest
    @CsvSource({"0.74, 2", "0.75, 3", "0.01, 1", "1, 4", "7, 4"})
    void numberOfKeptChangesIsRoundedDownButIsAtLeastOne(double density, int kept) {
        float[] merged = ties().base(ZERO).model(set(1, density), 4, -3, 2, -1).merge();

        float[] expected = {4, kept > 1 ? -3 : 0, kept > 2 ? 2 : 0, kept > 3 ? -1 : 0};
        assertThat(merged).containsExactly(expected);
    }

    @Test
    void ofEqualChangesTheFirstAreKept() {
        float[] merged = ties().base(ZERO).model(set(1, 0.5), 1, -1, 1, 1).merge();

        assertThat(merged).containsExactly(1, -1, 0, 0);
    }

    @Test
    void densityZeroIsRefused() {
        MergeCase empty = ties().base(ZERO).model(set(1, 0), 1, 2, 3, 4);

        assertThat(empty.complaint())
                .contains("'density' 0 leaves nothing of the model; leave the model out instead");
    }

    @Test
    void onlyChangesOfTheHeavierSignAreAveraged() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 1), 3, 3, -3, 1)
                        .model(set(1, 1), -1, 1, -1, -3)
                        .merge();

        assertThat(merged).containsExactly(3, 2, -2, -3);
    }

    @Test
    void weightsTakePartInTheElectionAndTheAverage() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 1), 3, 3, 0, 0)
                        .model(set(3, 1), -2, 1, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(-2, 1.5f, 0, 0);
    }

    @Test
    void tieElectsThePositiveSign() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 1), 2, -2, 0, 0)
                        .model(set(1, 1), -2, 2, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(2, 2, 0, 0);
    }

    @Test
    void modelsThatChangedNothingDoNotWaterDownTheAverage() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 1), 4, -4, 0, 0)
                        .model(set(1, 1), 0, 0, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(4, -4, 0, 0);
    }

    @Test
    void trimmedChangesDoNotTakePartInTheElection() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 0.5), 3, 3, 1, 1)
                        .model(set(1, 0.5), -2, -2, -4, -4)
                        .merge();

        assertThat(merged).containsExactly(3, 3, -4, -4);
    }

    @Test
    void withoutNormalizeTheElectedChangesAreSummed() {
        float[] merged =
                ties().base(1, 1, 1, 1)
                        .model(set(1, 1), 4, 4, 1, 1)
                        .model(set(0.5, 1), 3, -1, 1, 1)
                        .set("normalize", 0)
                        .merge();

        assertThat(merged).containsExactly(5, 4, 1, 1);
    }

    @Test
    void lambdaScalesWhatIsAddedToTheBase() {
        float[] merged =
                ties().base(1, 1, 1, 1).model(set(2, 1), 2, 3, 0, 1).set("lambda", 0.5).merge();

        assertThat(merged).containsExactly(1.5f, 2, 0.5f, 1);
    }

    @Test
    void rescaleRestoresTheSumOfMagnitudes() {
        float[] merged =
                ties().base(ZERO).model(set(1, 0.5), 1, 1, -3, 3).set("rescale", 1).merge();

        assertThat(merged).containsExactly(new float[] {0, 0, -4, 4}, MergeCase.rounding());
    }

    @Test
    void rescaleLeavesModelsThatChangedNothing() {
        float[] merged =
                ties().base(1, 2, 3, 4).model(set(1, 0.5), 1, 2, 3, 4).set("rescale", 1).merge();

        assertThat(merged).containsExactly(1, 2, 3, 4);
    }

    @Test
    void divisorIsTheSumOfTheElectedWeightsWithTheirSigns() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 1), 2, 0, 0, 0)
                        .model(set(-0.5, 1), -2, 0, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(6, 0, 0, 0);
    }

    @Test
    void weightsThatCancelOutDoNotDivide() {
        float[] merged =
                ties().base(ZERO)
                        .model(set(1, 1), 2, 0, 0, 0)
                        .model(set(-1, 1), -2, 0, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(4, 0, 0, 0);
    }

    @Test
    void weightZeroLeavesTheBaseBitForBit() {
        float[] base = {-0f, 3e-41f, Float.NaN, 5};

        assertThat(ties().base(base).model(set(0, 1), 1, 2, 3, 4).merge()).isEqualTo(base);
    }

    @Test
    void tensorOfTheBaseAloneStaysAsItIs() {
        assertThat(ties().base(1, -0f, 3).merge()).isEqualTo(new float[] {1, -0f, 3});
    }

    /// Weights of few bits: an election that rounding could turn would compare nothing.
    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        double[] weights = {1, 0.75, -0.5};
        double[] densities = {0.3, 0.5, 0.9};
        for (int options = 0; options < 4; options++) {
            boolean normalize = options % 2 == 0;
            boolean rescale = options >= 2;
            float[] base = MergeCase.random(size, size);
            float[][] models = new float[3][];
            MergeCase ties =
                    ties().base(base)
                            .set("normalize", normalize ? 1 : 0)
                            .set("rescale", rescale ? 1 : 0)
                            .set("lambda", 0.75);
            for (int m = 0; m < 3; m++) {
                models[m] = plusDistinct(base, 10L * size + m);
                ties.model(set(weights[m], densities[m]), models[m]);
            }

            double[] expected =
                    TiesReference.merge(
                            base,
                            models,
                            new TiesReference.Options(
                                    weights, densities, normalize, rescale, 0.75));

            assertThat(ties.merge())
                    .as("normalize %s, rescale %s", normalize, rescale)
                    .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
        }
    }

    // Magnitudes that are all different: which of equal ones are kept is told elsewhere.
    private static float[] plusDistinct(float[] base, long seed) {
        Random random = new Random(seed);
        List<Integer> magnitudes = new ArrayList<>();
        for (int i = 1; i <= base.length; i++) {
            magnitudes.add(random.nextBoolean() ? i : -i);
        }
        Collections.shuffle(magnitudes, random);
        float[] sum = new float[base.length];
        for (int i = 0; i < base.length; i++) {
            sum[i] = base[i] + magnitudes.get(i) / 4096f;
        }
        return sum;
    }

    private static MergeCase ties() {
        return new MergeCase(new TiesMerge());
    }

    private static Map<String, Double> set(double weight, double density) {
        return Map.of("weight", weight, "density", density);
    }
}
