package jmergekit.evolve;

import java.util.List;
import jmergekit.evaluate.Split;

/// Checks for the lines of a search's log.
///
/// @param width count of numbers in a point
/// @param tasks that have scores
record LogRules(int width, List<String> tasks) {
    /// @throws IllegalArgumentException with the reason if a line is invalid
    void check(Evaluation evaluation) {
        boolean isCandidate = evaluation.baseline().isEmpty();
        if (isCandidate && evaluation.point().filter(p -> p.size() == width).isEmpty()) {
            throw new IllegalArgumentException(
                    "a candidate without a vector of %d numbers".formatted(width));
        }
        boolean isScored = evaluation.failure().isEmpty();
        if (isScored == evaluation.objective().isEmpty()) {
            throw new IllegalArgumentException("expected either an objective or a failure");
        }
        // Not every task has held-out items.
        boolean isWhole =
                evaluation.split() == Split.SEARCH
                        ? evaluation.scores().keySet().containsAll(tasks)
                        : !evaluation.scores().isEmpty()
                                && tasks.containsAll(evaluation.scores().keySet());
        if (isScored && !isWhole) {
            throw new IllegalArgumentException("a score in a task is missing");
        }
    }
}
