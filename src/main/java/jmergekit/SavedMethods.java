package jmergekit;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.Param;
import jmergekit.method.StatisticsKind;
import jmergekit.method.Value;
import jmergekit.plan.Plan;
import jmergekit.plan.Source.WithStatistics;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.plugin.Plugins;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;

/// Checks the methods and parameters of a plan that was made elsewhere as those of a recipe are
/// checked.
///
/// @param problems receives unknown methods and invalid values
record SavedMethods(Plan plan, MergeMethods methods, Problems problems) {
    void check() {
        Set<String> said = new HashSet<>();
        Stream.concat(plan.tasks().stream(), plan.tasks().stream().flatMap(t -> t.inner().stream()))
                .flatMap(t -> t.parts().stream())
                .flatMap(task -> problem(task).stream())
                .filter(problem -> said.add(problem.what()))
                .forEach(problems::add);
    }

    private Optional<Problem> problem(TensorTask task) {
        if (task.merge().isEmpty()) {
            return Optional.empty();
        }
        Work.Merge merge = task.merge().get();
        Optional<MergeMethod> method = methods.named(merge.method());
        if (method.isEmpty()) {
            return Optional.of(
                    Problem.input("plan", "there is no merge method '" + merge.method() + "'")
                            .expected("one of " + String.join(", ", methods.names()))
                            .hint(Plugins.HINT));
        }
        return misfit(method.get(), merge)
                .or(() -> statistics(method.get(), task))
                .or(() -> violation(method.get(), task, merge))
                .map(what ->
                        Problem.input("plan", what).found("tensor '" + task.output().name() + "'"));
    }

    private static Optional<String> misfit(MergeMethod method, Work.Merge merge) {
        List<Map<String, Value>> perSource = merge.parameters().perSource();
        for (Param param : method.info().params()) {
            if (!param.perModel()) {
                if (!fits(param, merge.parameters().global(), false)) {
                    return Optional.of(misfit(method, param));
                }
                continue;
            }
            for (int source = 0; source < perSource.size(); source++) {
                if (!fits(param, perSource.get(source), source == merge.base())) {
                    return Optional.of(misfit(method, param));
                }
            }
        }
        return Optional.empty();
    }

    // A base model may have no value, and the defaults of common parameters are not in plans.
    private static boolean fits(Param param, Map<String, Value> values, boolean isBase) {
        Value value = values.get(param.name());
        return value == null ? isBase || param.common() : param.accepts(value);
    }

    private static String misfit(MergeMethod method, Param param) {
        return "parameter '%s' of merge method '%s' has no value that is %s"
                .formatted(param.name(), method.info().name(), param.valuesText());
    }

    private static Optional<String> statistics(MergeMethod method, TensorTask task) {
        Optional<StatisticsKind> kind = method.info().statistics();
        return task.sources().stream()
                        .filter(WithStatistics.class::isInstance)
                        .map(WithStatistics.class::cast)
                        .allMatch(s ->
                                kind.filter(k -> k.fits(s.shape(), s.statistics().shape()))
                                        .isPresent())
                ? Optional.empty()
                : Optional.of(
                        "merge method '%s' does not use such statistics"
                                .formatted(method.info().name()));
    }

    private static Optional<String> violation(
            MergeMethod method, TensorTask task, Work.Merge merge) {
        try {
            return method.violation(
                    task.work() instanceof Work.Factors factors
                            ? task.input(factors, Shape.of(factors.rows(), factors.columns()))
                            : task.input(merge));
        } catch (IllegalStateException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | ClassCastException e) {
            return Optional.of(
                    "parameters of merge method '%s': %s"
                            .formatted(merge.method(), e.getMessage()));
        }
    }
}
