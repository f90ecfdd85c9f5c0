package jmergekit.evaluate;

import java.util.List;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The evaluators that a search's file can name.
public final class Evaluators {
    private Evaluators() {}

    /// Opens the evaluator that the file names, and checks that it can score the tasks.
    ///
    /// @param tasks at least one
    /// @throws MergeException if it cannot
    public static Evaluator open(
            EvaluatorConfig config, List<Task> tasks, EvaluatorSettings settings) {
        return switch (config) {
            case EvaluatorConfig.BuiltIn _ -> builtIn(tasks, settings);
            case EvaluatorConfig.Command command ->
                    new CommandEvaluator(command, tasks, settings.limit());
            case EvaluatorConfig.LmEval harness -> new LmEvalEvaluator(harness, tasks, settings);
            case EvaluatorConfig.Endpoint server -> new EndpointEvaluator(server, tasks, settings);
        };
    }

    /// Warnings for settings that the evaluator ignores.
    public static List<Problem> warnings(
            EvaluatorConfig config, List<Task> tasks, EvaluatorSettings settings) {
        return IgnoredSettings.of(config, tasks, settings);
    }

    private static Evaluator builtIn(List<Task> tasks, EvaluatorSettings settings) {
        return new BuiltInEvaluator(
                tasks, settings.limit(), settings.shuffle(), settings.seed(), settings.threads());
    }
}
