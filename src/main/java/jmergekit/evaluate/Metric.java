package jmergekit.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// What the built-in evaluator measures.
enum Metric {
    /// The mean over the items of the log-probability of what is to follow, end included; of choices,
    /// that of the right one.
    LOG_LIKELIHOOD,
    /// The exponential of the mean over all tokens of what is to follow of the negative log-probability.
    PERPLEXITY,
    /// How often the right choice is the most probable one.
    ACC,
    /// The same with each log-probability divided by the number of the choice's characters.
    ACC_NORM,
    /// How often the model, which takes the most probable token each time, says what is to follow.
    EXACT_MATCH;

    /// lm-evaluation-harness names the filter behind a comma; here there is none.
    private static final String NO_FILTER = ",none";

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean higherIsBetter() {
        return this != PERPLEXITY;
    }

    /// The one that a task names, or the usual one of its kind of items.
    ///
    /// @throws MergeException if there is no such metric for the items
    static Metric of(Task task, Item kind) {
        List<Metric> fitting = fitting(kind);
        if (task.metric().isEmpty()) {
            return fitting.getFirst();
        }
        String given = task.metric().get();
        String name =
                given.endsWith(NO_FILTER)
                        ? given.substring(0, given.length() - NO_FILTER.length())
                        : given;
        Optional<Metric> found =
                Arrays.stream(values()).filter(m -> m.text().equals(name)).findFirst();
        if (found.isEmpty() || !fitting.contains(found.get())) {
            throw new MergeException(
                    Problem.usage(
                                    task.name(),
                                    found.isEmpty()
                                            ? "no such metric"
                                            : "a metric for items of another kind")
                            .expected(
                                    "one of "
                                            + fitting.stream()
                                                    .map(Metric::text)
                                                    .collect(Collectors.joining(", ")))
                            .found("'" + given + "'"));
        }
        return found.get();
    }

    // The usual one first.
    private static List<Metric> fitting(Item kind) {
        return switch (kind) {
            case Item.Continuation _ -> List.of(LOG_LIKELIHOOD, PERPLEXITY, EXACT_MATCH);
            case Item.Choice _ -> List.of(ACC, ACC_NORM, LOG_LIKELIHOOD, PERPLEXITY);
        };
    }
}
