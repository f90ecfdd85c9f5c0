package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.method.reference.PcbReference;
import jmergekit.primitive.Primitives;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcbMergeTest {
    private static MergeCase pcb(double ratio) {
        return new MergeCase(new PcbMerge()).set("ratio", ratio).set("lambda", 1);
    }

    /// Of ten scores, the cut is the seventh in ascending order, so three are above it.
    @Test
    void onlyTheLargestChangesOfALoneModelAreTaken() {
        float[] merged =
                pcb(0.3).base(new float[10]).model(1, 2, -3, 4, 5, -6, 7, 8, -9, 10).merge();

        assertThat(merged).containsExactly(0, 0, 0, 0, 0, 0, 0, 8, -9, 10);
    }

    /// Both change the first element equally, the second with opposite signs.
    @Test
    void changesAgainstTheSumOfAllAreDropped() {
        float[] merged = pcb(1).base(1, 1, 1).model(3, 5, 1).model(3, -1, 1).merge();

        assertThat(merged).containsExactly(new float[] {3, 5, 1}, Offset.offset(1e-6f));
    }

    @Test
    void changesThatCancelOutAreDropped() {
        assertThat(pcb(1).base(1, 1).model(3, 4).model(-1, -2).merge()).containsExactly(1, 1);
    }

    @Test
    void equalScoresAllCount() {
        assertThat(pcb(0.1).base(1, 1, 1).model(3, 3, 3).merge()).containsExactly(3, 3, 3);
        assertThat(pcb(0.1).shape().base(1).model(3).model(4).merge())
                .containsExactly(new float[] {3.5f}, Offset.offset(1e-6f));
    }

    @Test
    void ratioOfZeroLeavesTheLargestElementsAlone() {
        assertThat(pcb(0).base(0, 0, 0).model(1, 3, 2).merge()).containsExactly(0, 3, 0);
    }

    @Test
    void lambdaScalesTheMean() {
        assertThat(new MergeCase(new PcbMerge()).base(1, 1).model(6, 6).merge())
                .containsExactly(7, 7);
    }

    @Test
    void tensorOfTheBaseAloneStaysAsItIs() {
        float[] base = {1, -2, -0.0f, Float.NaN};

        assertThat(pcb(0.5).base(base).merge()).isEqualTo(base);
    }

    @Test
    void modelsThatChangedNothingLeaveTheBase() {
        float[] base = {1, -2, 3e-41f};

        assertThat(pcb(0.5).base(base).model(base).model(base).merge()).isEqualTo(base);
    }

    @Test
    void emptyTensorsAreMerged() {
        assertThat(pcb(0.5).base().model().model().merge()).isEmpty();
    }

    @Test
    void nonFiniteChangesOnlyAffectTheirElements() {
        float[] merged =
                pcb(1).base(0, 0, 0, 0)
                        .model(Float.NaN, Float.POSITIVE_INFINITY, 1, 3)
                        .model(1, Float.NEGATIVE_INFINITY, 1, 3)
                        .merge();

        assertThat(merged).hasSize(4);
        assertThat(merged[3]).isEqualTo(3);
    }

    @Test
    void orderOfTheModelsHardlyMatters() {
        float[] base = new float[5000];
        float[] one = MergeCase.random(2, 5000);
        float[] two = MergeCase.random(3, 5000);

        assertThat(pcb(0.3).base(base).model(two).model(one).merge())
                .containsExactly(
                        pcb(0.3).base(base).model(one).model(two).merge(), Offset.offset(1e-5f));
    }

    /// Changes of fine-tunes are small, where tanh is linear, and then the scale does not matter.
    @Test
    void smallChangesOfAnotherScaleGiveTheSameMerge() {
        float[] base = new float[1000];
        float[] one = Directions.times(0x1p-20f, MergeCase.random(2, 1000));
        float[] two = Directions.times(0x1p-20f, MergeCase.random(3, 1000));

        float[] merged = pcb(0.3).base(base).model(one).model(two).merge();
        float[] halved =
                pcb(0.3).base(base)
                        .model(Directions.times(0.5f, one))
                        .model(Directions.times(0.5f, two))
                        .merge();

        assertThat(Directions.times(2, halved)).containsExactly(merged, Offset.offset(1e-10f));
    }

    /// Sizes around a tile, and one that is not small; changes as large as weights, and as small as
    /// those of fine-tunes.
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "4095, 1",
        "4097, 1",
        "20000, 1",
        "20000, 0x1p-10",
        "140000, 1",
        "140000, 0x1p-10"
    })
    void agreesWithTheReference(int size, String scale) {
        assertThat(Primitives.SMALL).isBetween(20_000, 140_000);
        float[] base = MergeCase.random(size, size);
        float[][] models = new float[3][];
        for (int m = 0; m < models.length; m++) {
            models[m] = base.clone();
            float[] changes = MergeCase.random(size + 1 + m, size);
            for (int i = 0; i < size; i++) {
                models[m][i] += Float.parseFloat(scale) * changes[i];
            }
        }
        for (double ratio : new double[] {0.05, 0.1, 0.5, 1}) {
            double[] expected = PcbReference.merge(base, models, ratio, 1.2);

            float[] merged =
                    pcb(ratio)
                            .set("lambda", 1.2)
                            .base(base)
                            .model(models[0])
                            .model(models[1])
                            .model(models[2])
                            .merge();

            assertThat(Arrays.stream(expected).filter(Double::isNaN).count())
                    .as("elements that depend on rounding")
                    .isLessThanOrEqualTo(size / 100);
            assertThat(differing(merged, expected)).as("ratio %s", ratio).isEmpty();
        }
    }

    // Within 1e-5 of the largest values.
    private static List<String> differing(float[] merged, double[] expected) {
        return IntStream.range(0, expected.length)
                .filter(i -> !Double.isNaN(expected[i]))
                .filter(i -> !(Math.abs(merged[i] - expected[i]) <= 1e-5 * 4))
                .limit(3)
                .mapToObj(i -> i + ": " + merged[i] + " instead of " + expected[i])
                .toList();
    }
}
