package jmergekit.evaluate;

import java.util.List;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The evaluators that a search's file can name.
public final class Evaluators {
    private Evaluators() {}

    /// Makes ready what the file asks for, and checks that it can score the tasks.
    ///
    /// @param tasks at least one
    /// @throws MergeException if it cannot
    public static Evaluator open(
            EvaluatorConfig config, List<Task> tasks, EvaluatorSettings settings) {
        throw new MergeException(
                Problem.recipe(config.at(), "there is no evaluator of this kind yet")
                        .found(tasks.size() + " tasks, " + settings.threads() + " threads"));
    }
}
