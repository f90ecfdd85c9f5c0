package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.CabsReference;
import jmergekit.primitive.Chunks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CabsMergeTest implements ElementCases {
    private static final double[] WEIGHTS = {1, 0.5, -2};

    /// Everything is kept.
    @Override
    public MergeCase merge() {
        return pruned(4, 4);
    }

    private static MergeCase pruned(int n, int m) {
        return new MergeCase(new CabsMerge()).set("n", n).set("m", m);
    }

    @Test
    void largestChangesOfEachGroupAreKept() {
        float[] merged =
                pruned(2, 4).base(new float[8]).model(1, -3, 2, 0.5f, 7, 8, 9, -10).merge();

        assertThat(merged).containsExactly(0, -3, 2, 0, 0, 0, 9, -10);
    }

    @Test
    void laterModelsGetWhatEarlierOnesLeave() {
        float[] merged =
                pruned(1, 4).base(new float[4]).model(5, 1, 2, 3).model(9, 2, 8, 1).merge();

        assertThat(merged).containsExactly(5, 0, 8, 0);
    }

    @Test
    void orderOfTheModelsDecidesWhoKeepsAnElement() {
        assertThat(pruned(1, 2).base(0, 0).model(2, 1).model(4, 3).merge()).containsExactly(2, 3);
        assertThat(pruned(1, 2).base(0, 0).model(4, 3).model(2, 1).merge()).containsExactly(4, 1);
    }

    @Test
    void nothingIsLeftForModelsAfterAFullGroup() {
        float[] merged = pruned(2, 2).base(0, 0).model(2, 1).model(4, 3).merge();

        assertThat(merged).containsExactly(2, 1);
    }

    @Test
    void changesOfZeroAreLeftToOtherModels() {
        float[] merged = pruned(2, 2).base(0, 0).model(2, 0).model(4, 3).merge();

        assertThat(merged).containsExactly(2, 3);
    }

    @Test
    void ofEqualChangesTheFirstAreKept() {
        float[] merged = pruned(2, 4).base(new float[4]).model(1, -1, 1, 1).merge();

        assertThat(merged).containsExactly(1, -1, 0, 0);
    }

    @Test
    void groupsDoNotContinueInTheNextRow() {
        float[] merged =
                pruned(1, 2).shape(2, 3).base(new float[6]).model(1, 2, 3, 4, 5, 6).merge();

        assertThat(merged).containsExactly(0, 2, 3, 0, 5, 6);
    }

    /// Of three elements at the end of a row, 2/4 are 1.5.
    @Test
    void shortGroupsKeepTheSameFractionRoundedUp() {
        float[] merged =
                pruned(2, 4).shape(1, 7).base(new float[7]).model(1, 2, 3, 4, 5, 6, 7).merge();

        assertThat(merged).containsExactly(0, 0, 3, 4, 0, 6, 7);
    }

    @Test
    void weightsAndLambdaScaleWhatIsKept() {
        float[] merged =
                pruned(1, 2)
                        .set("lambda", 0.5)
                        .base(1, 1)
                        .model(Map.of("weight", 2.0), 4, 2)
                        .model(Map.of("weight", -1.0), 9, 3)
                        .merge();

        assertThat(merged).containsExactly(4, 0);
    }

    @Test
    void keepingMoreThanAGroupHasIsRefused() {
        assertThat(pruned(5, 4).base(1).model(2).violation())
                .contains("'n' is 5, but a group has only 4 elements ('m')");
        assertThat(pruned(4, 4).base(1).model(2).violation()).isEmpty();
    }

    /// Groups that end with tiles, and groups that do not; with 3 rows, each of the sizes.
    @ParameterizedTest
    @CsvSource({
        "1, 2, 4",
        "3, 2, 4",
        "4095, 2, 4",
        "4097, 1, 3",
        "2048, 64, 256",
        "5000, 64, 256",
        "5001, 5, 17",
        "4100, 700, 1000",
        "300, 1024, 1024",
        "7, 3, 16",
        "10000, 1, 1024"
    })
    void agreesWithTheReference(int row, int n, int m) {
        assertAgrees(3, row, n, m);
    }

    @ParameterizedTest
    @CsvSource({"64, 256", "10, 100", "2, 4"})
    void groupsAcrossChunksAgreeWithTheReference(int n, int m) {
        assertAgrees(2, Chunks.CHUNK / 2 + 4321, n, m);
    }

    private static void assertAgrees(int rows, int row, int n, int m) {
        int size = rows * row;
        float[] base = MergeCase.random(size, size);
        float[][] models = new float[3][];
        MergeCase merge = pruned(n, m).shape(rows, row).set("lambda", 0.5).base(base);
        for (int i = 0; i < models.length; i++) {
            models[i] = MergeCase.random(size + 1 + i, size);
            merge.model(Map.of("weight", WEIGHTS[i]), models[i]);
        }

        double[] expected = CabsReference.merge(base, models, row, WEIGHTS, n, m, 0.5);

        assertThat(MergeCase.differing(merge.merge(), expected)).isEmpty();
    }
}
