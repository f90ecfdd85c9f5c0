package jmergekit.evaluate;

import java.util.Map;
import jmergekit.MergePlan;

/// Scores models. Thread-safe: several models may be scored at the same time.
public interface Evaluator extends AutoCloseable {
    /// A short description for reports.
    String description();

    /// Whether a model must be a folder on disk.
    boolean readsFolder();

    /// Whether models can be scored on items that the search did not use.
    boolean hasHeldOut();

    /// Checks, before anything is merged, whether models like this one can be scored. Passes if the
    /// evaluator cannot tell.
    ///
    /// @throws jmergekit.problem.MergeException with everything that is wrong
    default void check(MergePlan plan) {}

    /// Scores a model in every task.
    ///
    /// @return a score for each task, by the task's name
    /// @throws EvaluationException if the model cannot be scored; other models may still be
    Map<String, Score> evaluate(Trial trial) throws EvaluationException;

    /// Stops what it has started.
    @Override
    void close();
}
