package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What both methods of DELLA draw by.
interface RankedDroppingContract extends RandomThinningContract {
    int ROWS = 4000;

    /// How often each column of rows of equal magnitudes is left.
    private double[] shares(Map<String, Double> parameters, float... row) {
        float[] values = new float[ROWS * row.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = row[i % row.length];
        }
        float[] merged =
                new MergeCase(method())
                        .shape(ROWS, row.length)
                        .base(new float[values.length])
                        .model(parameters, values)
                        .merge();
        double[] shares = new double[row.length];
        for (int i = 0; i < merged.length; i++) {
            shares[i % row.length] += merged[i] != 0 ? 1.0 / ROWS : 0;
        }
        return shares;
    }

    /// Five standard deviations.
    private static Offset<Double> deviation() {
        return within(5 * Math.sqrt(0.25 / ROWS));
    }

    @Test
    default void largerChangesOfARowAreLikelierToStay() {
        Map<String, Double> parameters = Map.of("weight", 1.0, "density", 0.5, "epsilon", 0.4);

        double[] shares = shares(parameters, 3, -9, 1, -2, 4);

        double[] expected = {0.5, 0.9, 0.1, 0.3, 0.7};
        for (int i = 0; i < expected.length; i++) {
            assertThat(shares[i]).isCloseTo(expected[i], deviation());
        }
    }

    @Test
    default void rowsRankTheirOwnElementsOnly() {
        Map<String, Double> parameters = Map.of("weight", 1.0, "density", 0.5, "epsilon", 0.4);
        float[] values = new float[2 * ROWS];
        for (int row = 0; row < ROWS; row++) {
            values[2 * row] = row + 2;
            values[2 * row + 1] = row + 1;
        }

        float[] merged =
                new MergeCase(method())
                        .shape(ROWS, 2)
                        .base(new float[2 * ROWS])
                        .model(parameters, values)
                        .merge();

        double larger = 0;
        double smaller = 0;
        for (int row = 0; row < ROWS; row++) {
            larger += merged[2 * row] != 0 ? 1 : 0;
            smaller += merged[2 * row + 1] != 0 ? 1 : 0;
        }
        assertThat(larger / ROWS).isCloseTo(0.9, deviation());
        assertThat(smaller / ROWS).isCloseTo(0.1, deviation());
    }

    @Test
    default void rowsOfOneElementStayWithProbabilityDensity() {
        Map<String, Double> parameters = Map.of("weight", 1.0, "density", 0.3, "epsilon", 0.2);

        assertThat(shares(parameters, 5)[0]).isCloseTo(0.3, deviation());
    }

    @Test
    default void withAnEpsilonOfZeroMagnitudesDoNotMatter() {
        Map<String, Double> parameters = Map.of("weight", 1.0, "density", 0.4, "epsilon", 0.0);

        for (double share : shares(parameters, 1, 2, 3)) {
            assertThat(share).isCloseTo(0.4, deviation());
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.15, -0.05, 0.25", "0.9, 0.1, 0.8, 1.0", "0.25, 0.25, 0.0, 0.5"})
    default void probabilitiesThatReachZeroOrOneAreRefused(
            double density, double epsilon, String least, String most) {
        assertThat(complained(density, epsilon))
                .contains(
                        ("'density' %s with 'epsilon' %s gives keep probabilities from %s to %s; both must be between 0 and 1")
                                .formatted(density, epsilon, least, most));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.4", "0, 0.4", "0.2, 0.15", "0.5, 0.49"})
    default void otherProbabilitiesAreNot(double density, double epsilon) {
        assertThat(complained(density, epsilon)).isEmpty();
    }

    private Optional<String> complained(double density, double epsilon) {
        return new MergeCase(method())
                .base(1, 2)
                .model(Map.of("weight", 1.0, "density", density, "epsilon", epsilon), 3, 4)
                .violation();
    }
}
