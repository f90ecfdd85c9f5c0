package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.config.InputModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.config.UnknownParameter;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Checks parameter names. It reports parameters that the merge method does not have, as errors if
/// they are close to one that it has, and parameters of models that are not merged. It warns of
/// parameters that are set where they have no effect.
public final class ParameterNames {
    private final MergeConfig config;
    private final Optional<MethodInfo> method;
    private final Problems problems;
    private final UnknownParameter unknown;

    /// For the built-in methods.
    public ParameterNames(MergeConfig config, Optional<MethodInfo> method, Problems problems) {
        this(config, method, MergeMethods.builtIn(), problems);
    }

    /// @param method empty if the recipe names no known method: the parameters of all methods are
    ///     then accepted
    /// @param methods all available methods
    public ParameterNames(
            MergeConfig config,
            Optional<MethodInfo> method,
            MergeMethods methods,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.problems = problems;
        this.unknown = new UnknownParameter(method, methods);
    }

    /// Adds the problems found.
    public void check() {
        checkModels();
        ParameterLevel.all(config).forEach(l -> check(l.parameters(), l.ofModel()));
    }

    private void checkModels() {
        List<String> merged =
                References.all(config).stream().map(ModelReference::toString).toList();
        for (InputModel model : config.inputModelParameters()) {
            String name = model.model().value().toString();
            if (!merged.contains(name)) {
                problems.add(
                        Problem.recipe(
                                        model.model().at(),
                                        "parameters of '%s', which is not merged by the recipe%s"
                                                .formatted(
                                                        name, Suggestion.didYouMean(name, merged)))
                                .expected("one of " + String.join(", ", merged)));
            }
        }
    }

    private void check(ParameterSet parameters, boolean ofModel) {
        parameters
                .settings()
                .forEach((name, setting) -> {
                    Optional<Problem> problem = unknown.problem(name, setting.at());
                    if (problem.isPresent()) {
                        problems.add(problem.get());
                    } else if (ofModel && !perModel(name)) {
                        problems.add(
                                Problem.recipe(
                                                setting.at(),
                                                "'%s' has no effect on a single model"
                                                        .formatted(name))
                                        .hint("move it to the top-level 'parameters'")
                                        .asWarning());
                    }
                });
    }

    private boolean perModel(String name) {
        return method.flatMap(m -> m.param(name)).map(Param::perModel).orElse(true);
    }
}
