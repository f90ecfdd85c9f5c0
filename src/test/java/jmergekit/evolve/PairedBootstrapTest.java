package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import jmergekit.evaluate.Score;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    private static final Objective ONE = new Objective(Map.of("a", 1.0));

    private static Score items(double... items) {
        double mean = Arrays.stream(items).average().orElseThrow();
        return new Score(mean, OptionalDouble.empty(), true, items);
    }

    private static Score withError(double value, double error) {
        return new Score(value, OptionalDouble.of(error), true, new double[0]);
    }

    private static PairedBootstrap compare(Score first, Score second) {
        return PairedBootstrap.of(ONE, Map.of("a", first), Map.of("a", second), 1).orElseThrow();
    }

    @Test
    void theSameGainInEachItemIsCertain() {
        PairedBootstrap comparison = compare(items(1.5, 2.5, 9.5), items(1, 2, 9));

        assertThat(comparison.difference()).isCloseTo(0.5, within(1e-12));
        assertThat(comparison.low()).isCloseTo(0.5, within(1e-12));
        assertThat(comparison.high()).isCloseTo(0.5, within(1e-12));
        assertThat(comparison.isBetter()).isTrue();
        assertThat(comparison.items()).isEqualTo(3);
    }

    @Test
    void gainsInHalfOfTheItemsAndLossesInTheOtherHalfAreNoise() {
        PairedBootstrap comparison = compare(items(1, 0, 1, 0, 1, 0), items(0, 1, 0, 1, 0, 1));

        assertThat(comparison.difference()).isZero();
        assertThat(comparison.isBetter()).isFalse();
        assertThat(comparison.isWorse()).isFalse();
    }

    @Test
    void theIntervalIsThatOfTheStandardErrorOfTheDifferences() {
        SplittableRandom random = new SplittableRandom(3);
        double[] a = random.doubles(400).map(x -> x + 0.1).toArray();
        double[] b = new SplittableRandom(4).doubles(400).toArray();
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < 400; i++) {
            mean += (a[i] - b[i]) / 400;
            squares += (a[i] - b[i]) * (a[i] - b[i]) / 400;
        }
        double error = Math.sqrt((squares - mean * mean) / 400);

        PairedBootstrap comparison = compare(items(a), items(b));

        assertThat(comparison.low()).isCloseTo(mean - 1.96 * error, within(0.1 * error));
        assertThat(comparison.high()).isCloseTo(mean + 1.96 * error, within(0.1 * error));
    }

    @Test
    void standardErrorsDoWhereItemsAreNotKnown() {
        PairedBootstrap comparison = compare(withError(0.6, 0.03), withError(0.5, 0.04));

        assertThat(comparison.low()).isCloseTo(0.1 - 1.96 * 0.05, within(0.004));
        assertThat(comparison.high()).isCloseTo(0.1 + 1.96 * 0.05, within(0.004));
        assertThat(comparison.items()).isZero();
    }

    @Test
    void withoutItemsAndStandardErrorsNobodyKnows() {
        assertThat(PairedBootstrap.of(ONE, Map.of("a", Score.of(1)), Map.of("a", Score.of(0)), 1))
                .isEmpty();
    }

    @Test
    void aTaskOfWeightZeroNeedsNoNoise() {
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", 1.0);
        weights.put("b", 0.0);

        assertThat(
                        PairedBootstrap.of(
                                new Objective(weights),
                                Map.of("a", items(2, 2), "b", Score.of(1)),
                                Map.of("a", items(1, 1), "b", Score.of(1)),
                                1))
                .isPresent();
    }

    @Test
    void lessIsBetterOfAPerplexity() {
        Score low = new Score(2, OptionalDouble.of(0.01), false, new double[0]);
        Score high = new Score(3, OptionalDouble.of(0.01), false, new double[0]);

        assertThat(compare(low, high).isBetter()).isTrue();
        assertThat(compare(low, high).difference()).isEqualTo(1);
    }

    @Test
    void itemsThatAreNotWhatTheValueIsTheMeanOfAreNotPaired() {
        Score first = new Score(3, OptionalDouble.of(0.1), false, new double[] {-1, -2});
        Score second = new Score(4, OptionalDouble.of(0.1), false, new double[] {-2, -3});

        assertThat(compare(first, second).items()).isZero();
    }
}
