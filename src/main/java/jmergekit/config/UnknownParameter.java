package jmergekit.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;

/// Reports parameters that the merge method does not have: an error if the name is close to an
/// existing parameter, otherwise a warning.
public final class UnknownParameter {
    private final Optional<MethodInfo> method;
    private final MergeMethods methods;
    private final Set<String> known = new TreeSet<>();

    /// @param method empty if the recipe names no existing method; the parameters of all methods
    ///     are then known
    /// @param methods all methods
    public UnknownParameter(Optional<MethodInfo> method, MergeMethods methods) {
        this.method = method;
        this.methods = methods;
        Collection<MethodInfo> infos =
                method.map(List::of)
                        .orElseGet(() -> methods.all().stream().map(m -> m.info()).toList());
        infos.forEach(i -> i.params().forEach(p -> known.add(p.name())));
    }

    /// The problem with a name; empty if it is known.
    // A stray parameter of another method has no effect, but a misspelt one gives a different merge
    // than intended.
    public Optional<Problem> problem(String name, Location at) {
        if (known.contains(name)) {
            return Optional.empty();
        }
        String what =
                method.map(m ->
                                "unknown parameter '%s' for merge method '%s'"
                                        .formatted(name, m.name()))
                        .orElse("unknown parameter '" + name + "'");
        if (methods.haveParameter(name)) {
            return Optional.of(
                    Problem.recipe(at, what).hint("it belongs to other methods").asWarning());
        }
        Problem problem = Problem.recipe(at, what + Suggestion.didYouMean(name, known));
        return Optional.of(
                Suggestion.closest(name, known).isPresent() ? problem : problem.asWarning());
    }
}
