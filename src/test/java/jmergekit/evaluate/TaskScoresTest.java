package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import jmergekit.evaluate.AskedTask.Question;
import jmergekit.linalg.NextTokens;
import org.junit.jupiter.api.Test;

class TaskScoresTest {
    private static final Item FIRST = new Item.Continuation("a", "b");
    private static final Item SECOND = new Item.Continuation("c", "def");

    /// Sums -2 over two tokens, and -6 over four.
    private static final Map<Question, NextTokens> SAID =
            Map.of(
                    new Question("a", "b", true), said(-1.5, -0.5),
                    new Question("c", "def", true), said(-1, -2, -3, 0));

    private static NextTokens said(double... logProbabilities) {
        return new NextTokens(logProbabilities, new int[logProbabilities.length]);
    }

    private static Score score(Metric metric, Map<Question, Boolean> matches) {
        return new TaskScores(List.of(FIRST, SECOND), SAID, matches).of(metric);
    }

    @Test
    void logLikelihoodIsTheMeanOfTheSums() {
        Score score = score(Metric.LOG_LIKELIHOOD, Map.of());

        assertThat(score.value()).isEqualTo(-4);
        assertThat(score.items()).containsExactly(-2, -6);
        // The deviations are 2: sqrt((4 + 4) / 1 / 2).
        assertThat(score.standardError()).isEqualTo(OptionalDouble.of(2));
        assertThat(score.higherIsBetter()).isTrue();
    }

    @Test
    void perplexityIsPerToken() {
        Score score = score(Metric.PERPLEXITY, Map.of());

        // 8 over six tokens; the residuals are 2 - 8/6 * 2 = -2/3 and 6 - 8/6 * 4 = 2/3, so that
        // the
        // mean's error is 2/3, over three tokens an item.
        assertThat(score.value()).isCloseTo(Math.exp(8.0 / 6), within(1e-12));
        assertThat(score.standardError().orElseThrow())
                .isCloseTo(Math.exp(8.0 / 6) * 2 / 9, within(1e-12));
        assertThat(score.items()).containsExactly(2, 6);
        assertThat(score.higherIsBetter()).isFalse();
    }

    @Test
    void exactMatchIsAShare() {
        Score score =
                score(
                        Metric.EXACT_MATCH,
                        Map.of(
                                new Question("a", "b", true), true,
                                new Question("c", "def", true), false));

        assertThat(score.value()).isEqualTo(0.5);
        assertThat(score.items()).containsExactly(1, 0);
        assertThat(score.standardError()).isEqualTo(OptionalDouble.of(0.5));
    }

    @Test
    void choicesAreComparedAsTheyAreOrByTheirCharacters() {
        Item item = new Item.Choice("x", List.of("é", "long"), 1);
        Map<Question, NextTokens> said =
                Map.of(
                        new Question("x", "é", false), said(-1),
                        new Question("x", "long", false), said(-1, -1));
        TaskScores scores = new TaskScores(List.of(item), said, Map.of());

        // -1 against -2; by characters, -1 against -1/2.
        assertThat(scores.of(Metric.ACC).value()).isZero();
        assertThat(scores.of(Metric.ACC_NORM).value()).isOne();
        assertThat(scores.of(Metric.LOG_LIKELIHOOD).value()).isEqualTo(-2);
        assertThat(scores.of(Metric.ACC).standardError()).isEmpty();
    }
}
