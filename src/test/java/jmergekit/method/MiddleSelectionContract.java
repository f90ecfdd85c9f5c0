package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.method.reference.RankReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What both methods of Model Breadcrumbs keep of a task vector.
interface MiddleSelectionContract extends ThinningContract {
    /// Of the last model the two together drop more than everything.
    double[] DENSITIES = {0.3, 0.9, 0.8};

    double[] GAMMAS = {0.1, 0.02, 0.3};

    @Override
    default Map<String, Double> thinning(int m) {
        return Map.of("density", DENSITIES[m], "gamma", GAMMAS[m]);
    }

    @Override
    default boolean[][] kept(float[] base, float[][] models) {
        boolean[][] kept = new boolean[models.length][];
        Arrays.setAll(kept, m -> RankReference.middle(base, models[m], DENSITIES[m], GAMMAS[m]));
        return kept;
    }

    /// Changes 1 to 10, shuffled and of both signs.
    private float[] tenChanges(double density, double gamma) {
        float[] base = new float[10];
        Map<String, Double> one = Map.of("weight", 1.0, "density", density, "gamma", gamma);
        return new MergeCase(method())
                .base(base)
                .model(one, 3, -10, 7, -1, 5, 9, -2, 8, -4, 6)
                .merge();
    }

    @Test
    default void largestAndSmallestChangesAreDropped() {
        assertThat(tenChanges(0.5, 0.2)).containsExactly(0, 0, 7, 0, 5, 0, 0, 8, -4, 6);
    }

    @ParameterizedTest
    @CsvSource({"0.59, 0.19", "0.5, 0.1"})
    default void bothCountsAreRoundedDown(double density, double gamma) {
        assertThat(tenChanges(density, gamma)).containsExactly(0, 0, 7, 0, 5, 9, 0, 8, 0, 6);
    }

    @Test
    default void densityDecidesWhereGammaWouldDropMore() {
        assertThat(tenChanges(0.8, 0.5)).containsExactly(3, 0, 7, -1, 5, 0, -2, 8, -4, 6);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.09})
    default void gammaOfLessThanOneElementDropsNoLargeChange(double gamma) {
        assertThat(tenChanges(0.7, gamma)).containsExactly(0, -10, 7, 0, 5, 9, 0, 8, -4, 6);
    }

    @Test
    default void gammaOfOneDropsTheLargestAlone() {
        assertThat(tenChanges(0.3, 1)).containsExactly(3, 0, 0, -1, 0, 0, -2, 0, 0, 0);
    }

    @Test
    default void densityOfOneKeepsOutliersToo() {
        assertThat(tenChanges(1, 0.5)).containsExactly(3, -10, 7, -1, 5, 9, -2, 8, -4, 6);
    }

    @Test
    default void tensorTooSmallForOneElementStaysTheBase() {
        float[] merged =
                new MergeCase(method())
                        .base(1, 2, 3)
                        .model(Map.of("weight", 1.0, "density", 0.3), 4, 6, 9)
                        .merge();

        assertThat(merged).containsExactly(1, 2, 3);
    }

    @Test
    default void densityZeroIsRefused() {
        MergeCase empty =
                new MergeCase(method())
                        .base(1, 2)
                        .model(Map.of("weight", 1.0, "density", 0.0), 3, 4);

        assertThat(empty.violation())
                .contains(
                        "'density' 0 leaves nothing of the model; remove the model from the recipe instead");
    }

    @Test
    default void rescaleRestoresTheSumOfMagnitudes() {
        float[] merged =
                new MergeCase(method())
                        .base(0, 0, 0, 0)
                        .model(Map.of("weight", 1.0, "density", 0.5, "gamma", 0.25), 8, 4, -2, 1)
                        .set("rescale", 1)
                        .merge();

        assertThat(merged).containsExactly(new float[] {0, 10, -5, 0}, MergeCase.rounding());
    }

    /// Which of equal changes are kept is not told, but how many.
    @ParameterizedTest
    @ValueSource(ints = {1000, 140_000})
    default void ofEqualChangesAsManyAreKeptAsOfDifferentOnes(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        Map<String, Double> one = Map.of("weight", 1.0, "density", 0.25, "gamma", 0.5);

        float[] merged = new MergeCase(method()).base(new float[size]).model(one, ones).merge();

        assertThat(count(merged, 1)).isEqualTo(size / 4);
        assertThat(count(merged, 0)).isEqualTo(size - size / 4);
    }

    private static long count(float[] values, float value) {
        return IntStream.range(0, values.length).filter(i -> values[i] == value).count();
    }
}
