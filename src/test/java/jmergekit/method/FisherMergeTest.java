package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import jmergekit.method.reference.FisherReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class FisherMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    /// (1 * 1 + 3 * 5) / 4 = 4; (2 * 2 + 2 * 6) / 4 = 4; (3 * 3 + 1 * 7) / 4 = 4.
    @Test
    void elementsCountByTheirInformation() {
        assertThat(twoModels().merge()).containsExactly(4, 4, 4);
    }

    /// With weights 1 and 3: (1 + 45) / 10, (4 + 36) / 8, (9 + 21) / 6.
    @Test
    void weightsMultiplyTheInformation() {
        float[] merged =
                fisher().model(weight(1), 1, 2, 3)
                        .model(weight(3), 5, 6, 7)
                        .statistics(1, 2, 3)
                        .statistics(3, 2, 1)
                        .merge();

        assertThat(merged).containsExactly(4.6f, 5, 5);
    }

    @Test
    void onlyTheRatiosOfWeightsMatter() {
        float[] merged =
                fisher().model(weight(0.25), 1, 2, 3)
                        .model(weight(0.25), 5, 6, 7)
                        .statistics(1, 2, 3)
                        .statistics(3, 2, 1)
                        .merge();

        assertThat(merged).containsExactly(4, 4, 4);
    }

    @Test
    void aModelWithoutInformationAboutAnElementHardlyCounts() {
        float[] merged = fisher().model(1, 1).model(5, 5).statistics(0, 1).statistics(1, 0).merge();

        // The floor is half of 1e-6: 5 - 4 * 5e-7 and 1 + 4 * 5e-7.
        assertThat(merged).containsExactly(4.999998f, 1.000002f);
    }

    @Test
    void elementsThatNoModelHasInformationAboutAreAveraged() {
        float[] merged =
                fisher().model(weight(1), 1, 1)
                        .model(weight(3), 5, 5)
                        .statistics(0, 1)
                        .statistics(0, 1)
                        .merge();

        assertThat(merged).containsExactly(4, 4);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-6})
    void tensorsWithoutAnyInformationAreAveraged(double floor) {
        float[] merged =
                fisher().set("floor", floor)
                        .model(weight(1), 1, 1)
                        .model(weight(3), 5, 5)
                        .statistics(0, 0)
                        .statistics(0, 0)
                        .merge();

        assertThat(merged).containsExactly(4, 4);
    }

    /// The mean of all information is 1, so every element of the first model has 0.5: (0.5 * 1 + 2 *
    /// 5) / 2.5.
    @Test
    void floorIsAFractionOfTheMeanOfAllModels() {
        float[] merged =
                fisher().set("floor", 0.5)
                        .model(1, 1)
                        .model(5, 5)
                        .statistics(0, 0)
                        .statistics(2, 2)
                        .merge();

        assertThat(merged).containsExactly(4.2f, 4.2f);
    }

    @Test
    void withoutStatisticsOfEveryModelTensorsAreAveraged() {
        assertThat(fisher().model(1, 1).model(5, 5).merge()).containsExactly(3, 3);
        assertThat(fisher().model(1, 1).model(5, 5).statistics(9, 9).merge()).containsExactly(3, 3);
    }

    @Test
    void weightsThatAreAllZeroAreRefused() {
        assertThat(fisher().model(weight(0), 1).model(weight(0), 5).violation())
                .contains("the values of 'weight' are all 0");
        assertThat(twoModels().violation()).isEmpty();
    }

    @Test
    void oneModelStaysAsItIsBitByBit() {
        float[] values = {0.1f, -0f, 3e-41f, 7};

        float[] merged = fisher().model(weight(0.3), values).statistics(1, 2, 0, 4).merge();

        assertThat(merged).isEqualTo(values);
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void equalModelsStayAsTheyAreWhateverTheirInformation(int size) {
        float[] values = MergeCase.random(size, size);
        MergeCase fisher = fisher();
        for (int m = 0; m < 3; m++) {
            fisher.model(weight(0.3 + m), values).statistics(information(m, size));
        }

        assertThat(fisher.merge()).isEqualTo(values);
    }

    @Test
    void theOrderOfModelsDoesNotMatter() {
        int size = 5000;
        MergeCase forward = fisher();
        MergeCase backward = fisher();
        for (int m = 0; m < 3; m++) {
            add(forward, m, size);
            add(backward, 2 - m, size);
        }

        assertThat(forward.merge()).containsExactly(backward.merge(), MergeCase.rounding());
    }

    @ParameterizedTest
    @ValueSource(floats = {0x1p-60f, 0x1p30f})
    void theScaleOfTheInformationDoesNotMatter(float scale) {
        int size = 5000;
        MergeCase scaled = fisher();
        MergeCase plain = fisher();
        for (int m = 0; m < 2; m++) {
            float[] values = MergeCase.random(m, size);
            float[] information = information(m, size);
            plain.model(values).statistics(information);
            float[] all = information.clone();
            for (int i = 0; i < size; i++) {
                all[i] *= scale;
            }
            scaled.model(values).statistics(all);
        }

        assertThat(scaled.merge()).isEqualTo(plain.merge());
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        for (double floor : new double[] {0, 1e-6, 0.3}) {
            float[][] models = new float[3][];
            float[][] information = new float[3][];
            double[] weights = new Random(size).doubles(3, 0.1, 2).toArray();
            MergeCase fisher = fisher().set("floor", floor);
            for (int m = 0; m < 3; m++) {
                models[m] = MergeCase.random(10L * size + m, size);
                information[m] = information(10L * size + m, size);
                fisher.model(weight(weights[m]), models[m]).statistics(information[m]);
            }

            double[] expected = FisherReference.merge(models, information, weights, floor);

            assertThat(MergeCase.differing(fisher.merge(), expected)).isEmpty();
        }
    }

    @Test
    void brokenElementsStayAmongThemselves() {
        float nan = Float.NaN;

        float[] merged =
                fisher().model(1, nan, 3)
                        .model(5, 6, 7)
                        .statistics(1, 1, 1)
                        .statistics(3, 1, 1)
                        .merge();

        assertThat(merged).containsExactly(4, nan, 5);
    }

    /// The mean of the finite ones is 5 / 6; the floor of the first is a millionth of that.
    @Test
    void informationThatIsNotANumberCountsAsTheFloor() {
        float[] merged =
                fisher().model(1, 2, 3)
                        .model(5, 6, 7)
                        .statistics(Float.NaN, 1, 1)
                        .statistics(1, 1, 1)
                        .merge();

        assertThat(merged).containsExactly(4.9999967f, 4, 5);
    }

    @Test
    void emptyTensorsAndScalars() {
        assertThat(fisher().model().model().statistics().statistics().merge()).isEmpty();
        assertThat(fisher().shape().model(1).model(5).statistics(1).statistics(3).merge())
                .containsExactly(4);
    }

    private static void add(MergeCase fisher, int m, int size) {
        fisher.model(weight(1 + m), MergeCase.random(m, size)).statistics(information(m, size));
    }

    /// From 0 to 1 over many orders of magnitude, as squared gradients are.
    private static float[] information(long seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            double gradient = random.nextGaussian() * random.nextGaussian();
            values[i] = random.nextInt(20) == 0 ? 0 : (float) Math.pow(gradient, 4);
        }
        return values;
    }

    private static MergeCase twoModels() {
        return fisher().model(1, 2, 3).model(5, 6, 7).statistics(1, 2, 3).statistics(3, 2, 1);
    }

    private static MergeCase fisher() {
        return new MergeCase(new FisherMerge());
    }

    private static Map<String, Double> weight(double value) {
        return Map.of("weight", value);
    }
}
