package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jmergekit.method.reference.SceReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SceMergeTest {
    @Test
    void modelsWeighAsTheSquaresOfTheirChanges() {
        // Squares sum to 14 and 6, so the weights are 0.7 and 0.3. The last sum is 0, which elects
        // the positive sign.
        assertThat(two(1).merge())
                .containsExactly(new float[] {2.4f, 1, 0, 2}, MergeCase.rounding());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.99})
    void selectTopkIsAShareOfTheElementsThatVary(double selectTopk) {
        // Two vary, by 1 and by 4. What is left of both models is of the same size.
        assertThat(two(selectTopk).merge()).containsExactly(0, 0, 0, 2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.49})
    void emptySelectionLeavesTheBaseBitForBit(double selectTopk) {
        float[] base = {-0f, 3e-41f, 7, 5};

        float[] merged = sce(selectTopk).base(base).model(1, 2, 3, 4).model(2, 2, 3, 3).merge();

        assertThat(merged).isEqualTo(base);
    }

    @Test
    void weightsDoNotDependOnTheSizeOfTheChanges() {
        float scale = 0x1p-20f;

        float[] merged =
                sce(1).base(0, 0, 0, 0)
                        .model(3 * scale, scale, 0, -2 * scale)
                        .model(scale, scale, 0, 2 * scale)
                        .merge();

        assertThat(merged[0] / scale).isEqualTo(2.4f, MergeCase.rounding());
    }

    @Test
    void weightsAreThoseOfTheSelectedElements() {
        // Of the three that vary, by 4, 1 and 0.25, two are selected; there squares sum to 18 and
        // 2.
        float[] merged = sce(0.7).base(0, 0, 0).model(3, 3, 0).model(-1, 1, 1).merge();

        assertThat(merged).containsExactly(new float[] {3, 2.8f, 0}, MergeCase.rounding());
    }

    @Test
    void everyModelHasTheSameVoteForItsChange() {
        // Squares sum to 109, 4 and 4, but two small changes outvote a large one.
        float[] merged = sce(1).base(0, 0).model(-3, 10).model(2, 0).model(2, 0).merge();

        assertThat(merged).containsExactly(2, 10);
    }

    @Test
    void modelsThatChangedNothingDoNotWaterDownTheAverage() {
        assertThat(sce(1).base(1, 1).model(3, 0).model(1, 1).merge()).containsExactly(3, 0);
    }

    @Test
    void modelsThatAreTheBaseGiveTheBase() {
        float[] base = {1, -2, 3e-41f};

        assertThat(sce(1).base(base).model(base).model(base).merge()).isEqualTo(base);
    }

    @Test
    void oneModelIsTakenWholeUnlessElementsAreSelectedByVariance() {
        assertThat(sce(1).base(1, 2).model(3, 5).merge()).containsExactly(3, 5);
        assertThat(sce(0.9).base(1, 2).model(3, 5).merge()).containsExactly(1, 2);
    }

    @Test
    void tensorOfTheBaseAloneStaysAsItIs() {
        for (double selectTopk : new double[] {0, 0.5, 1}) {
            assertThat(sce(selectTopk).base(1, -0f, 3).merge()).isEqualTo(new float[] {1, -0f, 3});
        }
    }

    @Test
    void eightBitMaskChangesNothing() {
        assertThat(two(0.5).set("int8_mask", 1).merge()).isEqualTo(two(0.5).merge());
    }

    @Test
    void baseMayBeListedAnywhere() {
        float[] merged = sce(1).model(3, 1, 0, -2).base(0, 0, 0, 0).model(1, 1, 0, 2).merge();

        assertThat(merged).isEqualTo(two(1).merge());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.5",
        "4095, 0.3",
        "4096, 0.01",
        "4097, 0.99",
        "10000, 1",
        "10000, 0.4",
        "140000, 0.4"
    })
    void agreesWithTheReference(int size, double selectTopk) {
        Random random = new Random(size);
        float[] base = MergeCase.random(size, size);
        float[][] models = new float[3][size];
        MergeCase sce = sce(selectTopk).base(base);
        for (float[] model : models) {
            for (int i = 0; i < size; i++) {
                // Exact sums and differences, hardly any equal variances.
                model[i] = base[i] + (random.nextInt(1 << 18) - (1 << 17)) * 0x1p-16f;
            }
            sce.model(model);
        }

        double[] expected = SceReference.merge(base, models, selectTopk);

        assertThat(MergeCase.differing(sce.merge(), expected)).isEmpty();
    }

    private static MergeCase two(double selectTopk) {
        return sce(selectTopk).base(0, 0, 0, 0).model(3, 1, 0, -2).model(1, 1, 0, 2);
    }

    private static MergeCase sce(double selectTopk) {
        return new MergeCase(new SceMerge()).set("select_topk", selectTopk);
    }
}
