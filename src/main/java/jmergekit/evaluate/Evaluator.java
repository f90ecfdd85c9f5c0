package jmergekit.evaluate;

import java.util.Map;
import jmergekit.MergePlan;

/// Scores models. Thread-safe: several models may be scored at the same time.
public interface Evaluator extends AutoCloseable {
    /// What it is, in a few words, for reports.
    String description();

    /// Whether a model must be a folder on disk.
    boolean readsFolder();

    /// Whether models can be asked what the search did not see.
    boolean hasHeldOut();

    /// Looks, before anything is merged, at whether models such as this one can be scored; nothing is
    /// known to be wrong where an evaluator cannot tell.
    ///
    /// @throws jmergekit.problem.MergeException with everything that is wrong
    default void check(MergePlan plan) {}

    /// Scores a model in every task.
    ///
    /// @return by the task's name, every task
    /// @throws EvaluationException if the model cannot be scored; other models may still be
    Map<String, Score> evaluate(Trial trial) throws EvaluationException;

    /// Ends what it has started.
    @Override
    void close();
}
