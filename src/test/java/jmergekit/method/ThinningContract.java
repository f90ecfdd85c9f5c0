package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.method.reference.ThinnedReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What every method does that adds thinned out task vectors to the base, whatever thins them out.
interface ThinningContract {
    double[] WEIGHTS = {1, 0.75, -0.5};

    /// Sizes of [MergeCase#SIZES], and one beyond those whose selections follow a sort.
    int[] SIZES_OF_THINNED = {1, 4095, 4096, 4097, 10_000, 140_000};

    MergeMethod method();

    /// Whether the task vectors vote on the sign of each element.
    boolean elects();

    /// Parameters that thin out the task vector of model `m`, from 0 to 2.
    Map<String, Double> thinning(int m);

    /// For each model which elements [#thinning] leaves.
    boolean[][] kept(float[] base, float[][] models);

    @Test
    default void weightZeroLeavesTheBaseBitForBit() {
        float[] base = {-0f, 3e-41f, Float.NaN, 5};
        Map<String, Double> thinning = thinning(0, 0);

        assertThat(new MergeCase(method()).base(base).model(thinning, 1, 2, 3, 4).merge())
                .isEqualTo(base);
    }

    @Test
    default void tensorOfTheBaseAloneStaysAsItIs() {
        assertThat(new MergeCase(method()).base(1, -0f, 3).merge())
                .isEqualTo(new float[] {1, -0f, 3});
    }

    @Test
    default void modelsThatChangedNothingLeaveTheBase() {
        for (int rescale = 0; rescale < 2; rescale++) {
            float[] merged =
                    new MergeCase(method())
                            .base(1, 2, 3, 4)
                            .model(thinning(0, 1), 1, 2, 3, 4)
                            .model(thinning(1, 0.5), 1, 2, 3, 4)
                            .set("rescale", rescale)
                            .merge();

            assertThat(merged).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    default void withADensityOfOneWholeTaskVectorsAreAdded() {
        Map<String, Double> whole = Map.of("weight", 0.5, "density", 1.0);

        float[] merged =
                new MergeCase(method())
                        .base(1, 1, 1, 1)
                        .model(whole, 5, -1, 2, 1)
                        .model(whole, 3, -3, 1, 2)
                        .set("normalize", 0)
                        .merge();

        assertThat(merged).containsExactly(4, -2, 1.5f, 1.5f);
    }

    @Test
    default void lambdaScalesWhatIsAddedToTheBase() {
        float[] merged =
                new MergeCase(method())
                        .base(1, 1, 1, 1)
                        .model(Map.of("weight", 2.0, "density", 1.0), 2, 3, 0, 1)
                        .set("normalize", 0)
                        .set("lambda", 0.25)
                        .merge();

        assertThat(merged).containsExactly(1.5f, 2, 0.5f, 1);
    }

    @Test
    default void baseMayBeListedAnywhere() {
        Map<String, Double> whole = Map.of("weight", 1.0, "density", 1.0);

        float[] merged =
                new MergeCase(method())
                        .model(whole, 3, 5)
                        .base(1, 1)
                        .model(whole, 2, 2)
                        .set("normalize", 0)
                        .merge();

        assertThat(merged).containsExactly(4, 6);
    }

    @Test
    default void eightBitMaskChangesNothing() {
        assertThat(three(4097).set("int8_mask", 1).merge()).isEqualTo(three(4097).merge());
    }

    /// Weights of few bits: an election that rounding could turn would compare nothing.
    @ParameterizedTest
    @FieldSource("jmergekit.method.ThinningContract#SIZES_OF_THINNED")
    default void agreesWithTheReference(int size) {
        float[] base = MergeCase.random(size, size);
        float[][] models = models(base);
        boolean[][] kept = kept(base, models);
        for (int options = 0; options < 4; options++) {
            boolean normalize = options % 2 == 0;
            boolean rescale = options >= 2;

            float[] merged =
                    three(size)
                            .set("normalize", normalize ? 1 : 0)
                            .set("rescale", rescale ? 1 : 0)
                            .set("lambda", 0.75)
                            .merge();

            double[] expected =
                    ThinnedReference.merge(
                            base,
                            models,
                            kept,
                            new ThinnedReference.Options(
                                    WEIGHTS, elects(), normalize, rescale, 0.75));
            assertThat(MergeCase.differing(merged, expected))
                    .as("normalize %s, rescale %s", normalize, rescale)
                    .isEmpty();
        }
    }

    /// A base and three models, thinned out.
    private MergeCase three(int size) {
        float[] base = MergeCase.random(size, size);
        MergeCase three = new MergeCase(method()).base(base);
        float[][] models = models(base);
        for (int m = 0; m < models.length; m++) {
            three.model(thinning(m, WEIGHTS[m]), models[m]);
        }
        return three;
    }

    private Map<String, Double> thinning(int m, double weight) {
        Map<String, Double> parameters = new HashMap<>(thinning(m));
        parameters.put("weight", weight);
        return parameters;
    }

    private static float[][] models(float[] base) {
        float[][] models = new float[WEIGHTS.length][];
        for (int m = 0; m < models.length; m++) {
            models[m] = plusDistinct(base, 10L * base.length + m);
        }
        return models;
    }

    /// Adds magnitudes that are all different, and none 0: which of equal ones are kept is told
    /// elsewhere.
    static float[] plusDistinct(float[] base, long seed) {
        Random random = new Random(seed);
        List<Integer> magnitudes = new ArrayList<>();
        for (int i = 1; i <= base.length; i++) {
            magnitudes.add(random.nextBoolean() ? i : -i);
        }
        Collections.shuffle(magnitudes, random);
        float[] sum = new float[base.length];
        for (int i = 0; i < base.length; i++) {
            sum[i] = base[i] + magnitudes.get(i) / 65_536f;
        }
        return sum;
    }
}
