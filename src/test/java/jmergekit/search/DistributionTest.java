package jmergekit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The generations of `cmaes.json` are another implementation's; `make.py` beside it says how they
/// came about. In the diagonal cases the other implementation has our constants, so that they are about
/// the update alone.
class DistributionTest {
    private static final Path CASES = Path.of("src", "test", "resources", "search", "cmaes.json");

    static Stream<JsonNode> cases() {
        return JsonTree.read(CASES, 1 << 20, "cases").values().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void followsAnotherImplementation(JsonNode expected) {
        double[] start = numbers(expected.get("start"));
        int population = expected.get("population").intValue();
        boolean diagonal = expected.get("diagonal").booleanValue();
        Rates rates = Rates.of(start.length, population, diagonal);
        Distribution followed =
                Distribution.about(start, expected.get("sigma0").doubleValue(), diagonal);
        for (JsonNode generation : expected.get("told").values()) {
            followed = followed.updated(ranked(generation), rates);
        }

        assertNear(followed.mean(), numbers(expected.get("mean")));
        assertNear(new double[] {followed.sigma()}, numbers(expected.get("sigma")));
        assertNear(followed.covariance().entries(), numbers(expected.get("covariance")));
    }

    private static void assertNear(double[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();

        assertThat(actual).containsExactly(expected, within(1e-9 * largest));
    }

    private static List<double[]> ranked(JsonNode generation) {
        return generation.values().stream()
                .map(DistributionTest::numbers)
                .sorted(Comparator.comparingDouble((double[] row) -> -row[row.length - 1]))
                .map(row -> Arrays.copyOf(row, row.length - 1))
                .toList();
    }

    private static double[] numbers(JsonNode node) {
        if (node.isNumber()) {
            return new double[] {node.doubleValue()};
        }
        return node.values().stream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    @Test
    void stepsHaveTheCovariance() {
        double[] triangle = {4, 1, 2};
        FullCovariance covariance = FullCovariance.of(2, triangle);
        double[] first = covariance.step(new double[] {1, 0});
        double[] second = covariance.step(new double[] {0, 1});

        double[] products = {
            first[0] * first[0] + second[0] * second[0],
            first[0] * first[1] + second[0] * second[1],
            first[1] * first[1] + second[1] * second[1]
        };
        assertThat(products).containsExactly(triangle, within(1e-14));
    }

    @Test
    void whitenedStepsHaveTheLengthOfTheirDraws() {
        FullCovariance covariance = FullCovariance.of(2, new double[] {4, 1, 2});
        double[] whitened = covariance.whitened(covariance.step(new double[] {3, 4}));

        assertThat(Math.hypot(whitened[0], whitened[1])).isCloseTo(5, within(1e-14));
    }

    /// By hand from the formulas of the tutorial's first version: with 2 candidates the parents'
    /// variance-effective number is 1, and so is that of the others.
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aSingleParentLeavesNothingToTheRankMuUpdate(int population) {
        Rates rates = Rates.of(4, population, false);

        assertThat(rates.muEff()).isEqualTo(1);
        assertThat(rates.cMu()).isZero();
        assertThat(rates.c1()).isCloseTo(2 / (5.3 * 5.3 + 1), within(1e-15));
        assertThat(rates.cSigma()).isCloseTo(0.3, within(1e-15));
        assertThat(rates.dSigma()).isCloseTo(1.3, within(1e-15));
        assertThat(rates.cC()).isCloseTo(4.25 / 8.5, within(1e-15));
        assertThat(rates.weights()).startsWith(1);
        assertThat(Arrays.stream(rates.weights(), 1, population).sum())
                .isCloseTo(-5.0 / 3, within(1e-15));
    }

    @Test
    void weightsOfParentsSumToOne() {
        Rates rates = Rates.of(18, 12, false);

        assertThat(Arrays.stream(rates.weights(), 0, rates.parents()).sum())
                .isCloseTo(1, within(1e-15));
        assertThat(IntStream.range(rates.parents(), 12))
                .allSatisfy(i -> assertThat(rates.weights()[i]).isNegative());
    }
}
