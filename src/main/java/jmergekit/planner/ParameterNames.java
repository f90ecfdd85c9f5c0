package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.config.InputModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reports parameters that the merge method does not have, as errors where they are near misses of
/// one that it has, and those of models that do not take part, and warns of those set where they have
/// no effect.
public final class ParameterNames {
    private final MergeConfig config;
    private final Optional<MethodInfo> method;
    private final MergeMethods methods;
    private final Problems problems;
    private final Set<String> known = new TreeSet<>();

    /// For the methods that come with the program.
    public ParameterNames(MergeConfig config, Optional<MethodInfo> method, Problems problems) {
        this(config, method, MergeMethods.builtIn(), problems);
    }

    /// @param method empty if the recipe names none that exists: then the names of all are known
    /// @param methods all that there are
    public ParameterNames(
            MergeConfig config,
            Optional<MethodInfo> method,
            MergeMethods methods,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.methods = methods;
        this.problems = problems;
        List<MethodInfo> infos =
                method.map(List::of)
                        .orElseGet(() -> methods.all().stream().map(m -> m.info()).toList());
        infos.forEach(i -> i.params().forEach(p -> known.add(p.name())));
    }

    /// Adds what is found.
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
                                        "parameters of '%s', which the recipe does not merge%s"
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
                    if (!known.contains(name)) {
                        problems.add(unknown(name, setting.at()));
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

    // A stray parameter of another method changes nothing; a misspelt one makes another merge than
    // its author meant.
    private Problem unknown(String name, Location at) {
        String what =
                method.map(m ->
                                "unknown parameter '%s' for merge method '%s'"
                                        .formatted(name, m.name()))
                        .orElse("unknown parameter '" + name + "'");
        if (methods.haveParameter(name)) {
            return Problem.recipe(at, what).hint("it is one of other methods").asWarning();
        }
        Problem problem = Problem.recipe(at, what + Suggestion.didYouMean(name, known));
        return Suggestion.closest(name, known).isPresent() ? problem : problem.asWarning();
    }

    private boolean perModel(String name) {
        return method.flatMap(m -> m.param(name)).map(Param::perModel).orElse(true);
    }
}
