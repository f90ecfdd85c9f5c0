package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import jmergekit.method.reference.RankReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiesMergeTest implements ElectionContract {
    private static final float[] ZERO = new float[4];

    private static final double[] DENSITIES = {0.3, 0.5, 0.9};

    @Override
    public MergeMethod method() {
        return new TiesMerge();
    }

    @Override
    public Map<String, Double> thinning(int m) {
        return Map.of("density", DENSITIES[m]);
    }

    @Override
    public boolean[][] kept(float[] base, float[][] models) {
        boolean[][] kept = new boolean[models.length][];
        Arrays.setAll(kept, m -> RankReference.largest(base, models[m], DENSITIES[m]));
        return kept;
    }

    @Test
    void densityKeepsTheLargestChanges() {
        float[] merged = ties().base(10, 10, 10, 10).model(set(1, 0.5), 11, 6, 13, 8).merge();

        assertThat(merged).containsExactly(10, 6, 13, 10);
    }

    @ParameterizedTest
    @CsvSource({"0.74, 2", "0.75, 3", "0.01, 1", "1, 4"})
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

        assertThat(empty.violation())
                .contains(
                        "'density' 0 leaves nothing of the model; remove the model from the recipe instead");
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
    void rescaleRestoresTheSumOfMagnitudes() {
        float[] merged =
                ties().base(ZERO).model(set(1, 0.5), 1, 1, -3, 3).set("rescale", 1).merge();

        assertThat(merged).containsExactly(new float[] {0, 0, -4, 4}, MergeCase.rounding());
    }

    private static MergeCase ties() {
        return new MergeCase(new TiesMerge());
    }

    private static Map<String, Double> set(double weight, double density) {
        return Map.of("weight", weight, "density", density);
    }
}
