package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostStepsTest {
    private static final String MATRIX = SpectralContract.MATRIX;

    private static MergeCase sum(float[]... models) {
        MergeCase merge =
                new MergeCase(MergeMethods.builtIn().named("task_arithmetic").orElseThrow())
                        .base(new float[models[0].length])
                        .named(MATRIX);
        for (float[] model : models) {
            merge.model(Map.of("weight", 1.0), model);
        }
        return merge;
    }

    /// The direction holds 1.5 times what the first model has in it and 3 times what the second has.
    @Test
    void aDirectionThatBothModelsUseIsDividedByHowOftenItCounts() {
        float[] merged =
                sum(new float[] {4, 0, 0, 0}, new float[] {2, 0, 0, 0})
                        .shape(2, 2)
                        .set("svc", 0.1)
                        .merge();

        assertThat(merged)
                .containsExactly(MergeCase.floats(6 * 2 / (1.5 + 3), 0, 0, 0), Directions.ROUNDING);
    }

    /// Each projection is 1 for its own model; the other has nothing there and counts as 0.1.
    @Test
    void aDirectionOfOneModelIsAmplified() {
        float[] merged =
                sum(new float[] {4, 0, 0, 0}, new float[] {0, 0, 0, 2})
                        .shape(2, 2)
                        .set("svc", 0.1)
                        .merge();

        assertThat(merged)
                .containsExactly(
                        MergeCase.floats(4 * 2 / 1.1, 0, 0, 2 * 2 / 1.1), Directions.ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "3, 2"})
    void calibrationOfAWideMatrixIsThatOfItsTranspose(int rows, int columns) {
        float[] merged =
                sum(new float[] {4, 0, 0, 0, 0, 0}, new float[] {2, 0, 0, 0, 0, 0})
                        .shape(rows, columns)
                        .set("svc", 0.1)
                        .merge();

        assertThat(merged[0]).isCloseTo(8 / 3f, Directions.ROUNDING);
    }

    @Test
    void oneModelIsItsOwnCalibration() {
        float[] model = {4, 1, 2, 1, 5, 7};

        assertThat(sum(model).shape(2, 3).set("svc", 0.1).merge())
                .containsExactly(model, Directions.ROUNDING);
    }

    /// The sum of the singular values is 10, and 6 and 9 are the sums of the first ones.
    @ParameterizedTest
    @CsvSource({"1, 6, 3, 1", "0.95, 6, 3, 1", "0.8, 6, 3, 3", "0.5, 6, 6, 6", "0, 6, 6, 6"})
    void smallSingularValuesAreRaised(double share, float a, float b, float c) {
        float[] merged =
                sum(new float[] {6, 0, 0, 0, 3, 0, 0, 0, 1})
                        .shape(3, 3)
                        .set("subspace_boosting", share)
                        .merge();

        assertThat(merged)
                .containsExactly(new float[] {a, 0, 0, 0, b, 0, 0, 0, c}, Directions.ROUNDING);
    }

    @Test
    void emptyDirectionsAreNotRaised() {
        float[] merged =
                sum(new float[] {6, 0, 0, 0}).shape(2, 2).set("subspace_boosting", 0.5).merge();

        assertThat(merged).containsExactly(new float[] {6, 0, 0, 0}, Directions.ROUNDING);
    }

    @Test
    void stepsOnMatricesLeaveOtherTensorsAlone() {
        float[] model = {6, 0, 0, 1};

        assertThat(
                        sum(model)
                                .shape(2, 2)
                                .named("lm_head.weight")
                                .set("subspace_boosting", 0.5)
                                .set("svc", 0.5)
                                .merge())
                .containsExactly(model);
        assertThat(sum(model).set("subspace_boosting", 0.5).merge()).containsExactly(model);
    }

    /// Every method that adds task vectors has the parameters of LiNeS.
    @ParameterizedTest
    @ValueSource(strings = {"task_arithmetic", "ties", "ram", "sce", "iso_c", "magmax", "della"})
    void linesScaleTheChangeOfAnyMethod(String name) {
        MergeMethod method = MergeMethods.builtIn().named(name).orElseThrow();
        float[] base = MergeCase.random(1, 5000);
        float[] model = MergeCase.random(2, 5000);

        float[] once = merged(method, base, model, 1);
        float[] half = merged(method, base, model, 0.5);

        for (int i = 0; i < base.length; i++) {
            float expected = (once[i] + base[i]) / 2;
            assertThat(half[i]).isCloseTo(expected, MergeCase.rounding());
        }
    }

    private static float[] merged(MergeMethod method, float[] base, float[] model, double alpha) {
        Map<String, Double> weight =
                method.info().param("weight").isPresent() ? Map.of("weight", 1.0) : Map.of();
        return new MergeCase(method)
                .base(base)
                .model(weight, model)
                .shape(100, 50)
                .named(MATRIX)
                .set("lines_alpha", alpha)
                .merge();
    }

    @Test
    void methodsWithoutABaseHaveNoSteps() {
        assertThat(MergeMethods.builtIn().named("linear").orElseThrow().info().commonParams())
                .isEmpty();
    }

    @Test
    void stepsOnMatricesNeedTheBase() {
        MergeMethod method = MergeMethods.builtIn().named("multislerp").orElseThrow();

        assertThat(
                        new MergeCase(method)
                                .model(Map.of("weight", 1.0), 1, 2)
                                .model(Map.of("weight", 1.0), 2, 1)
                                .set("svc", 0.1)
                                .violation())
                .hasValueSatisfying(v -> assertThat(v).contains("'svc'", "base model"));
    }

    @Test
    void adaptersCannotBeMergedWithStepsOnMatrices() {
        MergeMethod method = MergeMethods.builtIn().named("task_arithmetic").orElseThrow();
        MergeCase merge = new MergeCase(method).base(0, 0).model(Map.of("weight", 2.0), 1, 1);

        assertThat(method.changeFactors(merge.set("lines_alpha", 0.5).input()))
                .hasValueSatisfying(f -> assertThat(f[1]).isEqualTo(1));
        assertThat(method.changeFactors(merge.set("svc", 0.5).input())).isEmpty();
    }
}
