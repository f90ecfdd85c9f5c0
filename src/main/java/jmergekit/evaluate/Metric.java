package jmergekit.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The metrics of the built-in evaluator.
enum Metric {
    /// The mean over the items of the log-probability of the continuation, including its end; for
    /// choices, of the right one.
    LOG_LIKELIHOOD,
    /// The exponential of the mean negative log-probability over all tokens of the continuations.
    PERPLEXITY,
    /// The fraction of items whose right choice is the most probable one.
    ACC,
    /// The same, with each log-probability divided by the number of characters of the choice.
    ACC_NORM,
    /// The fraction of items for which greedy decoding gives the continuation.
    EXACT_MATCH;

    /// lm-evaluation-harness appends the name of the filter after a comma; here there is no filter.
    private static final String NO_FILTER = ",none";

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean higherIsBetter() {
        return this != PERPLEXITY;
    }

    /// The metric that a task names, or the default for its type of items.
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
                                            : "this metric is for another type of items")
                            .expected(
                                    "one of "
                                            + fitting.stream()
                                                    .map(Metric::text)
                                                    .collect(Collectors.joining(", ")))
                            .found("'" + given + "'"));
        }
        return found.get();
    }

    // The default metric first.
    private static List<Metric> fitting(Item kind) {
        return switch (kind) {
            case Item.Continuation _ -> List.of(LOG_LIKELIHOOD, PERPLEXITY, EXACT_MATCH);
            case Item.Choice _ -> List.of(ACC, ACC_NORM, LOG_LIKELIHOOD, PERPLEXITY);
        };
    }
}
