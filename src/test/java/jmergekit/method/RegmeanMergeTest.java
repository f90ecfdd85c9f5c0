package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.method.reference.RegmeanReference;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegmeanMergeTest {
    /// For `off_diagonal` 1, whose sum of Gram matrices is made regular by 1e-5.
    private static final Offset<Float> NEARLY = Offset.offset(2e-4f);

    /// Columns are averaged with the diagonal elements: (1 * 1 + 3 * 5) / 4 = 4 and (3 * 2 + 1 * 6) / 4
    /// = 3 in the first row, (3 + 21) / 4 = 6 and (12 + 8) / 4 = 5 in the second.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.9})
    void inputsThatDoNotCorrelateCountByTheirSquares(double offDiagonal) {
        float[] merged =
                regmean(2, 2)
                        .set("off_diagonal", offDiagonal)
                        .model(1, 2, 3, 4)
                        .model(5, 6, 7, 8)
                        .statistics(1, 0, 0, 3)
                        .statistics(3, 0, 0, 1)
                        .merge();

        assertThat(merged).containsExactly(new float[] {4, 3, 6, 5}, MergeCase.rounding());
    }

    /// The Gram matrices become (2 1; 1 2) and (2 0; 0 2), their sum (4 1; 1 4), the right side (2 3):
    /// (2 3) (4 -1; -1 4) / 15 = (5 10) / 15.
    @Test
    void offDiagonalElementsAreReduced() {
        float[] merged =
                regmean(1, 2)
                        .set("off_diagonal", 0.5)
                        .model(1, 0)
                        .model(0, 1)
                        .statistics(2, 2, 2, 2)
                        .statistics(2, 0, 0, 2)
                        .merge();

        assertThat(merged).containsExactly(new float[] {1 / 3f, 2 / 3f}, MergeCase.rounding());
    }

    /// The first model has only the input (1, 1), with the output 2, and the second only (1, 0), with
    /// the output 0.
    @Test
    void outputsOnTheModelsOwnInputsAreKept() {
        float[] merged =
                regmean(1, 2)
                        .set("off_diagonal", 1)
                        .model(2, 0)
                        .model(0, 5)
                        .statistics(1, 1, 1, 1)
                        .statistics(1, 0, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(new float[] {0, 2}, NEARLY);
    }

    /// (3 * 1 * 1 + 1 * 3 * 5) / 6 = 3 and (3 * 3 * 2 + 1 * 1 * 6) / 10 = 2.4.
    @Test
    void weightsMultiplyTheGramMatrices() {
        float[] merged =
                regmean(1, 2)
                        .model(weight(3), 1, 2)
                        .model(weight(1), 5, 6)
                        .statistics(1, 0, 0, 3)
                        .statistics(3, 0, 0, 1)
                        .merge();

        assertThat(merged).containsExactly(new float[] {3, 2.4f}, MergeCase.rounding());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9, 1})
    void inputsThatNoModelHasSeenAreAveraged(double offDiagonal) {
        float[] merged =
                regmean(1, 2)
                        .set("off_diagonal", offDiagonal)
                        .model(weight(1), 1, 2)
                        .model(weight(3), 5, 6)
                        .statistics(1, 0, 0, 0)
                        .statistics(0, 0, 0, 0)
                        .merge();

        assertThat(merged).containsExactly(new float[] {1, 5}, NEARLY);
    }

    /// All inputs are multiples of (1, 1). The outputs are 2 and 8, and 6.5 with weights 1 and 3. The
    /// mean, (2, 3), has the output 5; it moves along (1, 1) only.
    @Test
    void directionsThatNoModelHasSeenKeepTheMean() {
        float[] merged =
                regmean(1, 2)
                        .set("off_diagonal", 1)
                        .model(1, 1)
                        .model(3, 5)
                        .statistics(1, 1, 1, 1)
                        .statistics(3, 3, 3, 3)
                        .merge();

        assertThat(merged).containsExactly(new float[] {2.75f, 3.75f}, NEARLY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1})
    void fewTextsAreEnoughForAFiniteResult(double offDiagonal) {
        int columns = 200;
        MergeCase regmean = regmean(3, columns).set("off_diagonal", offDiagonal);
        for (int m = 0; m < 2; m++) {
            regmean.model(MergeCase.random(m, 3 * columns)).statistics(gram(m, columns, 5));
        }

        float[] merged = regmean.merge();

        // The models' elements are at most 4 in size.
        for (float value : merged) {
            assertThat(value).isBetween(-8f, 8f);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0.9", "3, 5, 0.9", "3, 5, 0", "40, 33, 0.1", "40, 33, 0.9", "7, 300, 0.9"})
    void agreesWithTheReference(int rows, int columns, double offDiagonal) {
        int models = 3;
        float[][] values = new float[models][];
        float[][] grams = new float[models][];
        double[] weights = new Random(columns).doubles(models, 0.1, 2).toArray();
        MergeCase regmean = regmean(rows, columns).set("off_diagonal", offDiagonal);
        for (int m = 0; m < models; m++) {
            values[m] = MergeCase.random(10L * rows + m, rows * columns);
            grams[m] = gram(10 * rows + m, columns, columns + 50);
            regmean.model(weight(weights[m]), values[m]).statistics(grams[m]);
        }

        double[] expected = RegmeanReference.merge(values, grams, weights, rows, offDiagonal);

        assertThat(MergeCase.differing(regmean.merge(), expected)).isEmpty();
    }

    @Test
    void oneModelStaysAsItIsBitByBit() {
        float[] values = {0.1f, -0f, 3e-41f, 7};

        float[] merged = regmean(2, 2).model(weight(0.3), values).statistics(1, 2, 2, 4).merge();

        assertThat(merged).isEqualTo(values);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9, 1})
    void equalModelsStayAsTheyAreWhateverTheirInputs(double offDiagonal) {
        float[] values = MergeCase.random(1, 600);
        MergeCase regmean = regmean(20, 30).set("off_diagonal", offDiagonal);
        for (int m = 0; m < 3; m++) {
            regmean.model(weight(0.3 + m), values).statistics(gram(m, 30, 10));
        }

        assertThat(regmean.merge()).containsExactly(values, MergeCase.rounding());
    }

    @Test
    void theOrderOfModelsDoesNotMatter() {
        MergeCase forward = regmean(20, 30);
        MergeCase backward = regmean(20, 30);
        for (int m = 0; m < 3; m++) {
            add(forward, m, 1);
            add(backward, 2 - m, 1);
        }

        assertThat(forward.merge()).containsExactly(backward.merge(), MergeCase.rounding());
    }

    @ParameterizedTest
    @ValueSource(floats = {0x1p-40f, 0x1p30f, 0.3f})
    void theScaleOfTheGramMatricesDoesNotMatter(float scale) {
        MergeCase plain = regmean(20, 30);
        MergeCase scaled = regmean(20, 30);
        for (int m = 0; m < 3; m++) {
            add(plain, m, 1);
            add(scaled, m, scale);
        }

        assertThat(scaled.merge()).containsExactly(plain.merge(), MergeCase.rounding());
    }

    @Test
    void withoutGramMatricesOfEveryModelTensorsAreAveraged() {
        assertThat(regmean(1, 2).model(1, 1).model(5, 5).merge()).containsExactly(3, 3);
        assertThat(regmean(1, 2).model(1, 1).model(5, 5).statistics(9, 0, 0, 9).merge())
                .containsExactly(3, 3);
    }

    @Test
    void vectorsScalarsAndEmptyTensorsAreAveraged() {
        MergeCase vector = new MergeCase(new RegmeanMerge()).model(weight(1), 1, 2, 3);
        assertThat(vector.model(weight(3), 5, 6, 7).merge()).containsExactly(4, 5, 6);
        MergeCase scalar = new MergeCase(new RegmeanMerge()).shape();
        assertThat(scalar.model(1).model(5).merge()).containsExactly(3);
        assertThat(regmean(3, 0).model().model().statistics().statistics().merge()).isEmpty();
        assertThat(
                        regmean(0, 2)
                                .model()
                                .model()
                                .statistics(1, 0, 0, 1)
                                .statistics(1, 0, 0, 1)
                                .merge())
                .isEmpty();
    }

    @Test
    void brokenElementsStayInTheirRow() {
        float nan = Float.NaN;

        float[] merged =
                regmean(2, 2)
                        .model(1, nan, 3, 4)
                        .model(5, 6, 7, 8)
                        .statistics(1, 0, 0, 3)
                        .statistics(3, 0, 0, 1)
                        .merge();

        assertThat(merged[1]).isNaN();
        assertThat(merged[2]).isCloseTo(6, MergeCase.rounding());
        assertThat(merged[3]).isCloseTo(5, MergeCase.rounding());
    }

    /// Elements that are not numbers, and a matrix that is not positive semidefinite.
    @ParameterizedTest
    @CsvSource({
        "NaN, 0, 1",
        "1, NaN, 1",
        "Infinity, 0, 1",
        "1, Infinity, 1",
        "1, 9, 1",
        "-9, 0, 1"
    })
    void matricesThatAreNoGramMatricesAreIgnored(float first, float off, float last) {
        float[] merged =
                regmean(1, 2)
                        .model(1, 2)
                        .model(5, 6)
                        .statistics(first, off, off, last)
                        .statistics(1, 0, 0, 1)
                        .merge();

        assertThat(merged).containsExactly(3, 4);
    }

    @Test
    void weightsThatAreAllZeroAreRefused() {
        assertThat(regmean(1, 1).model(weight(0), 1).model(weight(0), 5).violation())
                .contains("the values of 'weight' are all 0");
        assertThat(regmean(1, 1).model(1).model(5).violation()).isEmpty();
    }

    @Test
    void onlyMatricesNeedMemory() {
        MergeCase vector = new MergeCase(new RegmeanMerge()).model(1, 2).model(1, 2);

        assertThat(vector.memory()).isZero();
        assertThat(regmean(1, 2).model(1, 2).model(1, 2).memory()).isPositive();
    }

    private static void add(MergeCase regmean, int m, float scale) {
        float[] gram = gram(m, 30, 50);
        for (int i = 0; i < gram.length; i++) {
            gram[i] *= scale;
        }
        regmean.model(weight(1 + m), MergeCase.random(m, 600)).statistics(gram);
    }

    /// Of `tokens` inputs, some of which are much larger than others.
    private static float[] gram(int seed, int columns, int tokens) {
        Random random = new Random(seed);
        double[] gram = new double[columns * columns];
        for (int t = 0; t < tokens; t++) {
            double[] x = random.doubles(columns, -1, 1).toArray();
            x[0] *= 10;
            for (int i = 0; i < gram.length; i++) {
                gram[i] += x[i / columns] * x[i % columns] / tokens;
            }
        }
        return MergeCase.floats(gram);
    }

    private static MergeCase regmean(int rows, int columns) {
        return new MergeCase(new RegmeanMerge()).shape(rows, columns);
    }

    private static Map<String, Double> weight(double value) {
        return Map.of("weight", value);
    }

    @Test
    void aLargeMatrixOutsideTheLayersNeedsNoMemory() {
        assertThat(memory("lm_head.weight", 1 << 13)).isZero();
        assertThat(memory("lm_head.weight", 1 << 8)).isPositive();
        assertThat(memory("model.layers.0.mlp.down_proj.weight", 1 << 13)).isPositive();
    }

    private static long memory(String tensor, int rows) {
        return new RegmeanMerge()
                .memory(
                        new MergeInput(
                                tensor,
                                Shape.of(rows, 1 << 12),
                                List.of(0, 1),
                                Primitives.NO_BASE,
                                0,
                                Parameters.of(Map.of())));
    }
}
