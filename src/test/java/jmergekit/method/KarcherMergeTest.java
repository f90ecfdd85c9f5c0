package jmergekit.method;

import static jmergekit.method.Directions.EAST;
import static jmergekit.method.Directions.NORTH;
import static jmergekit.method.Directions.ROUNDING;
import static jmergekit.method.Directions.UP;
import static jmergekit.method.Directions.assertThatOneTensorStays;
import static jmergekit.method.Directions.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jmergekit.method.reference.KarcherReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class KarcherMergeTest {
    static final int[] SIZES = MergeCase.SIZES;

    @Test
    void twoModelsMeetHalfway() {
        assertThat(karcher(EAST, NORTH).merge()).containsExactly(direction(45), ROUNDING);
    }

    @Test
    void threeModelsAtRightAnglesMeetInTheMiddle() {
        float third = (float) Math.sqrt(1 / 3.0);

        assertThat(karcher(EAST, NORTH, UP).merge())
                .containsExactly(new float[] {third, third, third, 0}, ROUNDING);
    }

    /// On a circle the mean is that of the angles. The direction of the sum is at 26.57 degrees.
    @Test
    void anglesAreAveragedNotDirections() {
        assertThat(karcher(EAST, EAST, NORTH).merge()).containsExactly(direction(30), ROUNDING);
    }

    @Test
    void withoutStepsTheDirectionOfTheSumRemains() {
        float[] expected = MergeCase.floats(2 / Math.sqrt(5), 1 / Math.sqrt(5), 0, 0);

        assertThat(karcher(EAST, EAST, NORTH).set("max_iter", 0).merge())
                .containsExactly(expected, ROUNDING);
    }

    /// The first step would be 3.43 degrees, 0.06 radians.
    @Test
    void stepsBelowTheToleranceAreNotTaken() {
        float[] expected = MergeCase.floats(2 / Math.sqrt(5), 1 / Math.sqrt(5), 0, 0);

        assertThat(karcher(EAST, EAST, NORTH).set("tol", 0.1).merge())
                .containsExactly(expected, ROUNDING);
    }

    @Test
    void resultIsAsLongAsTheModelsOnAverage() {
        float[] merged = karcher(new float[] {1, 0, 0, 0}, new float[] {0, 3, 0, 0}).merge();

        assertThat(merged)
                .containsExactly(MergeCase.floats(Math.sqrt(2), Math.sqrt(2), 0, 0), ROUNDING);
    }

    @Test
    void baseIsAModelLikeTheOthers() {
        float[] merged =
                new MergeCase(new KarcherMerge()).model(EAST).base(EAST).model(NORTH).merge();

        assertThat(merged).containsExactly(direction(30), ROUNDING);
    }

    @Test
    void zeroTensorShortensTheResultButDoesNotTurnIt() {
        float[] merged = karcher(new float[] {3, 0}, new float[2], new float[] {0, 3}).merge();

        assertThat(merged).containsExactly(MergeCase.floats(Math.sqrt(2), Math.sqrt(2)), ROUNDING);
    }

    @Test
    void tensorNoLongerThanTheToleranceHasNoDirection() {
        float[] merged =
                karcher(new float[] {0.5f, 0}, new float[] {0, 1.5f}).set("tol", 0.5).merge();

        assertThat(merged).containsExactly(new float[] {0, 1}, ROUNDING);
    }

    @Test
    void zeroTensorsGiveZeros() {
        assertThat(karcher(new float[3], new float[3]).merge()).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"0", "1e-5"})
    void equalModelsStayAsTheyAre(double tolerance) {
        float[] tensor = {1, -2, 3, 0.1f};

        assertThat(karcher(tensor, tensor, tensor).set("tol", tolerance).merge())
                .containsExactly(tensor, ROUNDING);
    }

    /// Halfway between them every direction is as good as another.
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1e-5", "2, 0", "2, 1e-5", "3, 0", "3, 1e-5", "4, 0", "4, 1e-5"})
    void oppositeModelsGiveTheDirectionOfTheFirst(long seed, double tolerance) {
        float[] tensor = MergeCase.random(seed, 999);

        assertThat(karcher(tensor, times(-3, tensor)).set("tol", tolerance).merge())
                .containsExactly(times(2, tensor), ROUNDING);
    }

    @Test
    void tensorThatOnlyOneModelHasStaysAsItIs() {
        assertThatOneTensorStays(new KarcherMerge(), Map.of());
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void agreesWithTheReference(int size) {
        float[][] models = new float[4][];
        for (int m = 0; m < models.length; m++) {
            models[m] = MergeCase.random(10L * size + m, size);
        }
        for (int steps : new int[] {1, 2, 10}) {
            double[] expected = KarcherReference.merge(models, steps, 1e-9);

            float[] merged = karcher(models).set("max_iter", steps).set("tol", 1e-9).merge();

            assertThat(merged)
                    .as("%d steps", steps)
                    .containsExactly(MergeCase.floats(expected), MergeCase.rounding());
        }
    }

    private static float[] direction(double degrees) {
        double angle = Math.toRadians(degrees);
        return MergeCase.floats(Math.cos(angle), Math.sin(angle), 0, 0);
    }

    private static MergeCase karcher(float[]... models) {
        MergeCase merge = new MergeCase(new KarcherMerge());
        for (float[] model : models) {
            merge.model(model);
        }
        return merge;
    }
}
