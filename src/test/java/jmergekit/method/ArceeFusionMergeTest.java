package jmergekit.method;

import static jmergekit.method.Directions.assertThatOneTensorStays;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jmergekit.method.reference.ArceeFusionReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ArceeFusionMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    /// Rows shorter and longer than a tile; the last tensor is selected from in parts.
    static final int[][] MATRICES = {{1, 2}, {63, 65}, {33, 4200}};

    /// All in one row, so that importance goes by size. The quartiles of nine changes are the third,
    /// fifth, and seventh: the threshold is 5 + 1.5 (7 - 3) = 11.
    @ParameterizedTest
    @CsvSource({"12, true", "10, false"})
    void outliersAmongTheChangesAreTakenOver(float last, boolean taken) {
        float[] merged = fuse(new float[9], 1, -2, 3, -4, 5, -6, 7, -8, last);

        assertThat(merged).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, taken ? last : 0);
    }

    /// Quartiles are changes, not values between them: the first, second, and third of four, and the
    /// threshold 2 + 1.5 (3 - 1) = 5.
    @Test
    void placesOfQuartilesAreRoundedDown() {
        assertThat(fuse(new float[4], 3, 1, 5.1f, 2)).containsExactly(0, 0, 5.1f, 0);
        assertThat(fuse(new float[4], 3, 1, 4.9f, 2)).containsExactly(0, 0, 0, 0);
    }

    @Test
    void signOfAChangeDoesNotCount() {
        assertThat(fuse(new float[9], -1, 2, -3, 4, -5, 6, -7, 8, -12))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, -12);
    }

    @Test
    void importanceAtTheThresholdIsTakenOver() {
        assertThat(fuse(new float[4], 1, -1, 1, 1)).containsExactly(1, -1, 1, 1);
    }

    /// The divergences of the rows are 0, as a constant does not change a softmax, twice 0.328, and
    /// 1.279. The quartiles of `|d|` times those are 0, 0.328 and 0.328, so that the threshold is
    /// 0.820, and only the last row is above it, with its small changes too.
    @Test
    void changesInRowsThatChangedMuchAreImportant() {
        float[] other = {8, 8, 8, 8, 1, -1, 1, -1, -1, 1, 1, -1, 5, -5, 1, -1};

        float[] merged = fusion(new float[16], other).shape(4, 4).merge();

        assertThat(merged).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, -5, 1, -1);
    }

    /// The divergences are 1.125 and 0.257 nats, the threshold 1.125 + 1.5 (1.125 - 0.257) = 2.43.
    /// Those of the base from the other model, 1.667 and 0.718, would let the change of -5 in.
    @Test
    void divergenceIsThatOfTheOtherModelFromTheBase() {
        float[] other = {5, 1, 1, 1, -5, -1, -1, -1};

        float[] merged = fusion(new float[8], other).shape(2, 4).merge();

        assertThat(merged).containsExactly(5, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void rowsOfOneElementHaveNoDivergenceAndAreTakenOver() {
        float[] base = MergeCase.random(1, 65);
        float[] other = MergeCase.random(2, 65);

        assertThat(fusion(base, other).shape(65, 1).merge()).containsExactly(other);
    }

    @Test
    void tensorThatDidNotChangeStays() {
        assertThat(fuse(new float[] {1, 2, 3}, 1, 2, 3)).containsExactly(1, 2, 3);
    }

    /// Three quarters of the importances are 0, and so is the threshold.
    @Test
    void whereFewElementsChangedAllChangesAreTakenOver() {
        assertThat(fuse(new float[8], 1, 0, 0, 0, 0, 0, 0, -2))
                .containsExactly(1, 0, 0, 0, 0, 0, 0, -2);
    }

    /// The median is the first change of 2 or the last of 1: the threshold is 3.5 or 2.5.
    @ParameterizedTest
    @CsvSource({"0, false", "1, true"})
    void quartilesAreExactAboveAMillionElements(int more, boolean taken) {
        int size = 1_100_001;
        float[] other = new float[size];
        Arrays.fill(other, 2);
        Arrays.fill(other, 0, 550_000 + more, 1);
        other[size - 1] = 3.25f;
        other[size - 2] = -3.25f;

        float[] merged = fuse(new float[size], other);

        float[] expected = new float[size];
        if (taken) {
            expected[size - 1] = 3.25f;
            expected[size - 2] = -3.25f;
        }
        assertThat(merged).isEqualTo(expected);
    }

    @Test
    void baseMayBeListedSecond() {
        float[] merged =
                new MergeCase(new ArceeFusionMerge())
                        .model(3, 1, 5.1f, 2)
                        .base(new float[4])
                        .merge();

        assertThat(merged).containsExactly(0, 0, 5.1f, 0);
    }

    @Test
    void tensorThatOnlyOneModelHasStaysAsItIs() {
        assertThatOneTensorStays(new ArceeFusionMerge(), Map.of());
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        assertAgreement(1, size);
    }

    @ParameterizedTest
    @FieldSource("MATRICES")
    void rowsAgreeWithTheReference(int[] shape) {
        assertAgreement(shape[0], shape[1]);
    }

    /// Elements whose importance is the threshold up to rounding may go either way.
    private static void assertAgreement(int rows, int length) {
        float[] base = MergeCase.random(length, rows * length);
        float[] other = MergeCase.random(length + 1, rows * length);
        for (int i = 0; i < other.length; i++) {
            other[i] = base[i] + other[i] / 64;
        }
        double[] importance = ArceeFusionReference.importance(base, other, length);
        double threshold = ArceeFusionReference.threshold(importance);

        float[] merged = fusion(base, other).shape(rows, length).merge();

        int open = 0;
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < merged.length; i++) {
            boolean taken = importance[i] > threshold;
            if (Math.abs(importance[i] - threshold) <= 1e-4 * threshold) {
                open++;
                taken = merged[i] == other[i];
            }
            if (merged[i] != (taken ? other[i] : base[i])) {
                wrong.add(i);
            }
        }
        assertThat(wrong).as("elements decided otherwise").isEmpty();
        assertThat(open)
                .as("elements at the threshold")
                .isLessThanOrEqualTo(1 + merged.length / 1000);
    }

    private static float[] fuse(float[] base, float... other) {
        return fusion(base, other).merge();
    }

    private static MergeCase fusion(float[] base, float[] other) {
        return new MergeCase(new ArceeFusionMerge()).base(base).model(other);
    }
}
