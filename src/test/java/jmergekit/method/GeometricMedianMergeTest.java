package jmergekit.method;

import static jmergekit.method.Directions.ROUNDING;
import static jmergekit.method.Directions.assertClose;
import static jmergekit.method.Directions.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.GeometricMedianReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeometricMedianMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    private static final float[] BASE = {100, -50};

    /// A square's diagonals cross at the point closest to its corners, wherever its mean is.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void diagonalsOfAQuadrilateralCrossAtTheMedian(boolean withBase) {
        float[] merged = merge(withBase).model(0, 0).model(6, 6).model(0, 2).model(2, 0).merge();

        assertThat(merged).containsExactly(new float[] {1, 1}, Offset.offset(1e-4f));
    }

    /// Its sides are seen from it at 120 degrees.
    @Test
    void fermatPointOfAnEquilateralTriangleIsItsCentre() {
        float height = (float) Math.sqrt(3);

        float[] merged = merge(false).model(-1, 0).model(1, 0).model(0, height).merge();

        assertThat(merged).containsExactly(new float[] {0, height / 3}, ROUNDING);
    }

    /// One coordinate: the median of 1, 2 and 100.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outlierHardlyMovesTheResult(boolean withBase) {
        MergeCase merge = new MergeCase(new GeometricMedianMerge());
        if (withBase) {
            merge.base(-5);
        }

        assertThat(merge.model(1).model(2).model(100).merge())
                .containsExactly(new float[] {2}, Offset.offset(1e-3f));
    }

    @Test
    void weightsPullTheResult() {
        float[] merged =
                merge(false).model(Map.of("weight", 3.0), 0, 0).model(0, 8).model(8, 0).merge();

        assertThat(merged).containsExactly(new float[2], Offset.offset(1e-3f));
    }

    /// The mean is one of the models, but the others pull more strongly than its weight.
    @Test
    void searchLeavesAModelThatIsTheMeanButNotTheMedian() {
        Map<String, Double> light = Map.of("weight", 0.1);
        MergeCase merge = merge(false).model(light, 0, 0).model(-1, 0).model(-1, 0).model(2, 0);

        assertThat(merge.merge()).containsExactly(new float[] {-1, 0}, Offset.offset(1e-3f));
    }

    @Test
    void modelThatIsTheMeanAndTheMedianStays() {
        float[] merged = merge(false).model(0, 0).model(-1, 0).model(1, 0).merge();

        assertThat(merged).containsExactly(0, 0);
    }

    /// Every point between them is as close.
    @Test
    void twoModelsOfEqualWeightMeetInTheMiddle() {
        assertThat(merge(false).model(1, 3).model(3, 5).merge())
                .containsExactly(new float[] {2, 4}, ROUNDING);
    }

    @Test
    void withoutStepsTheWeightedMeanRemains() {
        float[] merged =
                merge(false)
                        .set("max_iter", 0)
                        .model(Map.of("weight", 3.0), 1, 1)
                        .model(5, 9)
                        .merge();

        assertThat(merged).containsExactly(2, 3);
    }

    @Test
    void stepsBelowTheToleranceEndTheSearch() {
        MergeCase merge = merge(false).model(0, 0).model(0, 1).model(9, 0);

        assertThat(merge.set("tol", 1e9).merge())
                .isEqualTo(merge.set("tol", 0).set("max_iter", 1).merge());
    }

    @Test
    void equalModelsStayAsTheyAre() {
        float[] tensor = {1, -2, 3, 0.1f};

        assertThat(
                        new MergeCase(new GeometricMedianMerge())
                                .model(tensor)
                                .model(tensor)
                                .model(tensor)
                                .merge())
                .containsExactly(tensor, ROUNDING);
    }

    @Test
    void oneModelIsTakenAsItIs() {
        float[] tensor = {1, -0f, Float.NaN};

        assertThat(new MergeCase(new GeometricMedianMerge()).model(tensor).merge())
                .isEqualTo(tensor);
        assertThat(new MergeCase(new GeometricMedianMerge()).base(tensor).merge())
                .isEqualTo(tensor);
        assertThat(merge(true).model(7, 9).merge()).containsExactly(7, 9);
    }

    @Test
    void modelsOfWeightZeroDoNotCount() {
        Map<String, Double> none = Map.of("weight", 0.0);

        assertThat(merge(false).model(1, 2).model(none, 9, 9).merge()).containsExactly(1, 2);
        assertThat(merge(false).model(none, 1, 2).model(none, 9, 9).violation())
                .contains("all models have 'weight' 0");
    }

    @Test
    void emptyTensorsScalarsAndNonFiniteNumbersAreMerged() {
        MergeCase empty = new MergeCase(new GeometricMedianMerge());
        MergeCase scalar = new MergeCase(new GeometricMedianMerge()).shape();

        assertThat(empty.model().model().merge()).isEmpty();
        assertThat(scalar.model(1).model(1).merge()).containsExactly(1);
        assertThat(merge(true).model(Float.NaN, 1).model(1, Float.POSITIVE_INFINITY).merge())
                .hasSize(2);
    }

    @Test
    void baseDoesNotMoveTheResult() {
        float[][] models = models(5, 4097);
        MergeCase without = new MergeCase(new GeometricMedianMerge());
        MergeCase with = new MergeCase(new GeometricMedianMerge()).base(MergeCase.random(77, 4097));
        for (float[] model : models) {
            without.model(model);
            with.model(model);
        }

        assertThat(MergeCase.differing(with.merge(), doubles(without.merge()))).isEmpty();
    }

    @Test
    void orderOfTheModelsDoesNotMatter() {
        float[][] m = models(3, 1000);
        MergeMethod method = new GeometricMedianMerge();

        assertClose(
                new MergeCase(method).model(m[2]).model(m[0]).model(m[1]).merge(),
                doubles(new MergeCase(method).model(m[0]).model(m[1]).model(m[2]).merge()));
    }

    @Test
    void scaledModelsGiveTheScaledMedian() {
        float[][] m = models(3, 1000);
        MergeMethod method = new GeometricMedianMerge();

        float[] merged = new MergeCase(method).model(m[0]).model(m[1]).model(m[2]).merge();

        assertThat(
                        new MergeCase(method)
                                .model(times(0.25f, m[0]))
                                .model(times(0.25f, m[1]))
                                .model(times(0.25f, m[2]))
                                .merge())
                .isEqualTo(times(0.25f, merged));
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        float[][] models = models(10L * size, size);
        double[] weights = {1, 0.5, 2, 1};
        for (int steps : new int[] {1, 2, 40}) {
            for (boolean withBase : new boolean[] {false, true}) {
                MergeCase merge =
                        new MergeCase(new GeometricMedianMerge())
                                .set("tol", 0)
                                .set("max_iter", steps);
                if (withBase) {
                    merge.base(MergeCase.random(-size, size));
                }
                for (int m = 0; m < models.length; m++) {
                    merge.model(Map.of("weight", weights[m]), models[m]);
                }
                double[] expected = GeometricMedianReference.merge(models, weights, steps);

                assertThat(MergeCase.differing(merge.merge(), expected))
                        .as("%d steps", steps)
                        .isEmpty();
            }
        }
    }

    @Test
    void noPointNearbyIsCloserToTheModels() {
        float[][] models = models(8, 500);
        double[] weights = {1, 0.5, 2, 1};
        MergeCase merge = new MergeCase(new GeometricMedianMerge());
        for (int m = 0; m < models.length; m++) {
            merge.model(Map.of("weight", weights[m]), models[m]);
        }
        double[] median = doubles(merge.merge());
        double cost = GeometricMedianReference.cost(models, weights, median);

        for (float[] model : models) {
            for (double step : new double[] {-0.01, 0.01}) {
                double[] moved = new double[median.length];
                for (int i = 0; i < moved.length; i++) {
                    moved[i] = median[i] + step * (model[i] - median[i]);
                }
                assertThat(GeometricMedianReference.cost(models, weights, moved))
                        .isGreaterThan(cost);
            }
        }
    }

    private static MergeCase merge(boolean withBase) {
        MergeCase merge = new MergeCase(new GeometricMedianMerge());
        return withBase ? merge.base(BASE) : merge;
    }

    private static float[][] models(long seed, int size) {
        float[][] models = new float[4][];
        for (int m = 0; m < models.length; m++) {
            models[m] = MergeCase.random(seed + m, size);
        }
        return models;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
