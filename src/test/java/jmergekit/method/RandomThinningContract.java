package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// What the methods do that draw at random which elements of a task vector are left.
interface RandomThinningContract extends ThinningContract {
    int MANY = 10_000;

    double[] DENSITIES = {0.3, 0.5, 0.8};

    @Override
    default Map<String, Double> thinning(int m) {
        return Map.of("density", DENSITIES[m]);
    }

    /// The draws have no formula that a reference could repeat: they are observed, one model at a
    /// time, and the reference calculates from there.
    @Override
    default boolean[][] kept(float[] base, float[][] models) {
        boolean[][] kept = new boolean[models.length][];
        Arrays.setAll(kept, m -> drawn(base, models, m, 0));
        return kept;
    }

    /// Which elements of model `m` are left: those that change if the others have no weight.
    private boolean[] drawn(float[] base, float[][] models, int m, long seed) {
        MergeCase one = new MergeCase(method()).base(base).seed(seed).set("rescale", 0);
        for (int other = 0; other < models.length; other++) {
            double weight = other == m ? 1 : 0;
            one.model(
                    Map.of("weight", weight, "density", DENSITIES[other % DENSITIES.length]),
                    models[other]);
        }
        float[] merged = one.merge();
        boolean[] kept = new boolean[base.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = merged[i] != base[i];
        }
        return kept;
    }

    /// Draws of models that all changed every element of a zero base.
    private boolean[] drawn(int models, int m, long seed) {
        float[][] changed = new float[models][];
        Arrays.setAll(changed, i -> ThinningContract.plusDistinct(new float[MANY], i));
        return drawn(new float[MANY], changed, m, seed);
    }

    /// Five standard deviations of how many of [#MANY] elements have probability `p`.
    private static Offset<Double> deviation(double p) {
        return within(5 * Math.sqrt(MANY * p * (1 - p)));
    }

    private static double count(boolean[] a, boolean[] b) {
        int both = 0;
        for (int i = 0; i < a.length; i++) {
            both += a[i] && b[i] ? 1 : 0;
        }
        return both;
    }

    @Test
    default void densityIsTheShareOfElementsThatAreLeft() {
        for (int m = 0; m < 3; m++) {
            boolean[] kept = drawn(3, m, 0);

            assertThat(count(kept, kept)).isCloseTo(MANY * DENSITIES[m], deviation(DENSITIES[m]));
        }
    }

    @Test
    default void modelsAreDrawnIndependently() {
        double both = DENSITIES[0] * DENSITIES[1];

        assertThat(count(drawn(3, 0, 0), drawn(3, 1, 0))).isCloseTo(MANY * both, deviation(both));
    }

    @Test
    default void theSameSeedDrawsTheSameElements() {
        assertThat(drawn(3, 1, 7)).isEqualTo(drawn(3, 1, 7));
    }

    @Test
    default void anotherSeedDrawsIndependently() {
        double both = DENSITIES[1] * DENSITIES[1];

        assertThat(count(drawn(3, 1, 0), drawn(3, 1, 1))).isCloseTo(MANY * both, deviation(both));
    }

    @Test
    default void furtherModelsDoNotChangeTheDrawsOfTheFirst() {
        assertThat(drawn(1, 0, 0)).isEqualTo(drawn(3, 0, 0));
    }

    @Test
    default void densityZeroDropsTheModel() {
        float[] merged =
                new MergeCase(method())
                        .base(1, 2)
                        .model(Map.of("weight", 1.0, "density", 0.0), 5, 6)
                        .model(Map.of("weight", 2.0, "density", 1.0), 2, 4)
                        .set("normalize", 0)
                        .merge();

        assertThat(merged).containsExactly(3, 6);
    }

    /// Unlike the papers' factor of `1 / density`, which is right on average only.
    @Test
    default void rescaleRestoresTheSumOfMagnitudes() {
        float[] changed = ThinningContract.plusDistinct(new float[MANY], 1);
        MergeCase one =
                new MergeCase(method())
                        .base(new float[MANY])
                        .model(Map.of("weight", 1.0, "density", 0.3), changed);

        float[] rescaled = one.merge();
        float[] kept = one.set("rescale", 0).merge();

        double factor = sum(changed) / sum(kept);
        assertThat(factor).isBetween(2.0, 4.0);
        double[] expected = new double[MANY];
        Arrays.setAll(expected, i -> factor * kept[i]);
        assertThat(MergeCase.differing(rescaled, expected)).isEmpty();
    }

    private static double sum(float[] magnitudes) {
        double sum = 0;
        for (float x : magnitudes) {
            sum += Math.abs(x);
        }
        return sum;
    }
}
