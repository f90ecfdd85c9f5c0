package jmergekit.evolve;

import java.util.List;
import jmergekit.evaluate.Split;

/// What the lines of a search's log must have.
///
/// @param width numbers of a point
/// @param tasks that have scores
record LogRules(int width, List<String> tasks) {
    /// @throws IllegalArgumentException that says what a line lacks
    void check(Evaluation evaluation) {
        boolean isCandidate = evaluation.baseline().isEmpty();
        if (isCandidate && evaluation.point().filter(p -> p.size() == width).isEmpty()) {
            throw new IllegalArgumentException(
                    "a candidate without a vector of %d numbers".formatted(width));
        }
        boolean isScored = evaluation.failure().isEmpty();
        if (isScored == evaluation.objective().isEmpty()) {
            throw new IllegalArgumentException("neither an objective nor a failure, or both");
        }
        // Not every task has items that are held out.
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
