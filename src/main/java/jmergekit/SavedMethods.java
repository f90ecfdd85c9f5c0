package jmergekit;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Asks the merge methods of a plan that was made elsewhere what they ask of a recipe.
///
/// @param problems hears of methods that do not exist, and of values that make no sense to them
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
        if (!(task.work() instanceof Work.Merge merge)) {
            return Optional.empty();
        }
        Optional<MergeMethod> method = methods.named(merge.method());
        if (method.isEmpty()) {
            return Optional.of(
                    Problem.input("plan", "there is no merge method '" + merge.method() + "'")
                            .expected("one of " + String.join(", ", methods.names())));
        }
        return violation(method.get(), task, merge)
                .map(what ->
                        Problem.input("plan", what).found("tensor '" + task.output().name() + "'"));
    }

    private static Optional<String> violation(
            MergeMethod method, TensorTask task, Work.Merge merge) {
        try {
            return method.violation(task.input(merge));
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
