package jmergekit.method;

import static jmergekit.method.Directions.ROUNDING;
import static jmergekit.method.Directions.assertClose;
import static jmergekit.method.Directions.assertThatOneTensorStays;
import static jmergekit.method.Directions.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.ModelStockReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ModelStockMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    static final int[][] MATRICES = Directions.MATRICES;

    private static final float[] ZERO = new float[4];

    /// The cosine is 1/2, so t = 2/3.
    @Test
    void twoModelsAtSixtyDegreesGoTwoThirdsOfTheWay() {
        float[] merged =
                stock(new float[] {1, 2, 3, 4}).model(2, 3, 3, 4).model(2, 2, 4, 4).merge();

        assertThat(merged)
                .containsExactly(MergeCase.floats(5 / 3.0, 7 / 3.0, 10 / 3.0, 4), ROUNDING);
    }

    /// The cosines are 1/2, so t = 3/4.
    @Test
    void threeModelsAtSixtyDegreesGoThreeQuartersOfTheWay() {
        float[] merged = stock(ZERO).model(1, 1, 0, 0).model(1, 0, 1, 0).model(0, 1, 1, 0).merge();

        assertThat(merged).containsExactly(new float[] {0.5f, 0.5f, 0.5f, 0}, ROUNDING);
    }

    /// The cosines are 1, 0 and 0; their mean of 1/3 gives t = 3/5.
    @Test
    void anglesOfDifferentPairsAreAveragedByTheirCosines() {
        float[] merged = stock(ZERO).model(1, 0, 0, 0).model(1, 0, 0, 0).model(0, 1, 0, 0).merge();

        assertThat(merged).containsExactly(new float[] {0.4f, 0.2f, 0, 0}, ROUNDING);
    }

    @Test
    void lengthsOfTaskVectorsDoNotCountForTheAngle() {
        float[] merged = stock(ZERO).model(4, 4, 0, 0).model(0.5f, 0, 0.5f, 0).merge();

        assertThat(merged)
                .containsExactly(MergeCase.floats(1.5, 4 / 3.0, 1 / 6.0, 0), MergeCase.rounding());
    }

    @Test
    void smallTaskVectorsHaveTheSameAngleAsLargeOnes() {
        float small = 0x1p-30f;
        float[] merged = stock(ZERO).model(small, small, 0, 0).model(small, 0, small, 0).merge();

        assertThat(merged)
                .containsExactly(
                        MergeCase.floats(small * 2 / 3.0, small / 3.0, small / 3.0, 0),
                        Offset.offset(small * 0x1p-20f));
    }

    @Test
    void modelsThatChangedTheSameAreTaken() {
        assertThat(stock(ZERO).model(1, 2, 3, 4).model(1, 2, 3, 4).merge())
                .containsExactly(new float[] {1, 2, 3, 4}, ROUNDING);
    }

    @Test
    void rightAnglesLeaveTheBase() {
        assertThat(stock(new float[] {5, 6, 7, 8}).model(6, 6, 7, 8).model(5, 9, 7, 8).merge())
                .containsExactly(5, 6, 7, 8);
    }

    /// The cosine is -1/2, so t = -2.
    @Test
    void obtuseAnglesGoAwayFromTheMean() {
        assertThat(stock(ZERO).model(1, 1, 0, 0).model(-1, 0, 1, 0).merge())
                .containsExactly(new float[] {0, -1, -1, 0}, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4"})
    void oppositeTaskVectorsLeaveTheBase(long seed) {
        float[] tensor = MergeCase.random(seed, 999);

        assertThat(stock(new float[999]).model(tensor).model(times(-3, tensor)).merge())
                .containsOnly(0);
    }

    /// Its cosines are 0, the other one is 1; their mean of 1/3 gives t = 3/5.
    @Test
    void modelThatChangedNothingCountsAsAtARightAngle() {
        float[] merged = stock(ZERO).model(3, 0, 3, 0).model(ZERO).model(3, 0, 3, 0).merge();

        assertThat(merged).containsExactly(new float[] {1.2f, 0, 1.2f, 0}, ROUNDING);
    }

    @Test
    void filterWiseGivesEachRowItsOwnAngle() {
        MergeCase rows = stock(ZERO).model(1, 2, 1, 0).model(1, 2, 0, 1).shape(2, 2);

        // The cosine of the whole tensors is 5/6, so t = 10/11.
        assertThat(rows.merge())
                .containsExactly(
                        MergeCase.floats(10 / 11.0, 20 / 11.0, 5 / 11.0, 5 / 11.0), ROUNDING);
        assertThat(rows.set("filter_wise", 1).merge())
                .containsExactly(new float[] {1, 2, 0, 0}, ROUNDING);
    }

    @Test
    void vectorIsOneRow() {
        float[] merged =
                stock(ZERO).model(1, 1, 0, 0).model(1, 0, 1, 0).set("filter_wise", 1).merge();

        assertThat(merged)
                .containsExactly(MergeCase.floats(2 / 3.0, 1 / 3.0, 1 / 3.0, 0), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void tensorThatOneModelBesidesTheBaseHasStaysTheBases(double filterWise) {
        float[] merged =
                stock(new float[] {1, 2, 3, 4})
                        .model(5, 6, 7, 8)
                        .set("filter_wise", filterWise)
                        .shape(2, 2)
                        .merge();

        assertThat(merged).containsExactly(1, 2, 3, 4);
    }

    @Test
    void tensorThatOnlyOneModelHasStaysAsItIs() {
        assertThatOneTensorStays(new ModelStockMerge(), Map.of());
    }

    @Test
    void baseMayBeListedAnywhere() {
        float[] merged =
                new MergeCase(new ModelStockMerge())
                        .model(2, 3, 3, 4)
                        .base(1, 2, 3, 4)
                        .model(2, 2, 4, 4)
                        .merge();

        assertThat(merged)
                .containsExactly(MergeCase.floats(5 / 3.0, 7 / 3.0, 10 / 3.0, 4), ROUNDING);
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        float[] base = MergeCase.random(size, size);
        float[][] models = models(base, 4);

        double[] expected = ModelStockReference.merge(base, models, size);

        assertThat(stock(base, models).merge())
                .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
    }

    @ParameterizedTest
    @FieldSource("MATRICES")
    void rowsAgreeWithTheReference(int[] shape) {
        float[] base = MergeCase.random(shape[0], shape[0] * shape[1]);
        float[][] models = models(base, 3);

        double[] expected = ModelStockReference.merge(base, models, shape[1]);

        assertClose(
                stock(base, models).shape(shape[0], shape[1]).set("filter_wise", 1).merge(),
                expected);
    }

    /// Half of what they changed is common to all.
    private static float[][] models(float[] base, int count) {
        float[] common = MergeCase.random(99, base.length);
        float[][] models = new float[count][];
        for (int m = 0; m < count; m++) {
            models[m] = MergeCase.random(100 + m, base.length);
            for (int i = 0; i < base.length; i++) {
                models[m][i] = base[i] + Math.abs(common[i]) + models[m][i] / 4;
            }
        }
        return models;
    }

    private static MergeCase stock(float[] base, float[]... models) {
        MergeCase merge = new MergeCase(new ModelStockMerge()).base(base);
        for (float[] model : models) {
            merge.model(model);
        }
        return merge;
    }
}
