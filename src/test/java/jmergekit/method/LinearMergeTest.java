package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import jmergekit.method.reference.LinearReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    @Test
    void weightsAreDividedByTheirSum() {
        assertThat(linear(1, 3).merge()).containsExactly(4, 5, 6, 7);
    }

    @Test
    void withoutNormalizeWeightsAreFactors() {
        assertThat(linear(0.5, 2).set("normalize", 0).merge())
                .containsExactly(10.5f, 13, 15.5f, 18);
    }

    @Test
    void negativeWeightSubtracts() {
        assertThat(linear(2, -1).merge()).containsExactly(-3, -2, -1, 0);
    }

    @Test
    void soleModelStaysAsItIsWhateverItsWeight() {
        float[] values = {0.1f, -0f, 3e-41f, 7};

        float[] merged = new MergeCase(new LinearMerge()).model(weight(0.3), values).merge();

        assertThat(merged).isEqualTo(values);
    }

    @Test
    void weightsSummingToZeroAreRefused() {
        assertThat(linear(1, -1).violation())
                .contains("the values of 'weight' sum to 0.0, which 'normalize' would divide by");
    }

    @Test
    void weightsSummingToZeroButForRoundingAreRefused() {
        MergeCase rounded = linear(0.1, 0.2).model(weight(-0.3), 9, 9, 9, 9);

        assertThat(rounded.violation()).isPresent();
    }

    @Test
    void smallWeightsAreNotTakenForZero() {
        assertThat(linear(1e-9, 3e-9).violation()).isEmpty();
        assertThat(linear(1e-9, 3e-9).merge()).containsExactly(4, 5, 6, 7);
    }

    @Test
    void withoutNormalizeWeightsMaySumToZero() {
        MergeCase difference = linear(1, -1).set("normalize", 0);

        assertThat(difference.violation()).isEmpty();
        assertThat(difference.merge()).containsExactly(-4, -4, -4, -4);
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        double[] weights = new Random(size).doubles(3, 0.1, 2).toArray();
        float[][] models = new float[3][];
        for (boolean normalize : new boolean[] {true, false}) {
            MergeCase linear = new MergeCase(new LinearMerge()).set("normalize", normalize ? 1 : 0);
            for (int m = 0; m < 3; m++) {
                models[m] = MergeCase.random(10L * size + m, size);
                linear.model(weight(weights[m]), models[m]);
            }

            double[] expected = LinearReference.merge(models, weights, normalize);

            assertThat(linear.merge())
                    .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void brokenElementsStayAmongThemselves(float broken) {
        float[] merged =
                new MergeCase(new LinearMerge())
                        .model(weight(1), 1, broken, 3, 4)
                        .model(weight(1), 5, 6, 7, 8)
                        .merge();

        assertThat(merged).containsExactly(3, broken, 5, 6);
    }

    private static MergeCase linear(double a, double b) {
        return new MergeCase(new LinearMerge())
                .model(weight(a), 1, 2, 3, 4)
                .model(weight(b), 5, 6, 7, 8);
    }

    private static Map<String, Double> weight(double value) {
        return Map.of("weight", value);
    }
}
