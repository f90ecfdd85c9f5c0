package jmergekit.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethods;
import jmergekit.method.Preparation;
import jmergekit.method.PreparedMethod;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;

/// What methods are told that measure all tensors before they merge the first. The tensors of one
/// recipe are measured together: those of a plan, and those of each model that is itself made.
final class Preparations {
    /// The tasks of one recipe with such a method.
    private record Scope(int depth, PreparedMethod method, List<TensorTask> tasks) {}

    private final MergeMethods methods;
    private final Map<String, Scope> scopes = new HashMap<>();
    private final Map<TensorTask, String> scopeOf = new IdentityHashMap<>();
    private final Map<TensorTask, Preparation> prepared = new IdentityHashMap<>();

    Preparations(Plan plan, MergeMethods methods) {
        this.methods = methods;
        plan.tasks().forEach(task -> add(task, "", 0));
    }

    private void add(TensorTask task, String path, int depth) {
        if (scopeOf.containsKey(task)) {
            return;
        }
        Optional<PreparedMethod> method = method(task);
        if (method.isPresent()) {
            scopeOf.put(task, path);
            scopes.computeIfAbsent(path, _ -> new Scope(depth, method.get(), new ArrayList<>()))
                    .tasks()
                    .add(task);
        }
        for (TaskInput input : task.inputs()) {
            made(input.source())
                    .forEach(inner -> add(inner, path + "/" + input.model(), depth + 1));
        }
    }

    private Optional<PreparedMethod> method(TensorTask task) {
        return task.work() instanceof Work.Merge merge
                        && methods.named(merge.method()).orElse(null)
                                instanceof PreparedMethod method
                ? Optional.of(method)
                : Optional.empty();
    }

    // Not those that are in turn made for them.
    private static Stream<TensorTask> made(Source source) {
        return source instanceof Source.Made(TensorTask inner)
                ? Stream.of(inner)
                : source.parts().stream().flatMap(Preparations::made);
    }

    boolean isEmpty() {
        return scopes.isEmpty();
    }

    /// Measures a task for its method.
    interface Measuring {
        /// In the order of the tasks.
        List<double[]> all(PreparedMethod method, List<TensorTask> tasks);
    }

    /// Measures what is needed to make some of the plan's tasks, innermost recipes first.
    void measure(Collection<TensorTask> wanted, Measuring measuring) {
        Map<TensorTask, Boolean> needed = new IdentityHashMap<>();
        wanted.forEach(task -> need(task, needed));
        scopes.values().stream()
                .sorted(Comparator.comparingInt((Scope s) -> -s.depth()))
                .forEach(scope -> measure(scope, needed, measuring));
    }

    private static void need(TensorTask task, Map<TensorTask, Boolean> needed) {
        if (needed.put(task, true) == null) {
            task.sources().stream()
                    .flatMap(Preparations::made)
                    .forEach(inner -> need(inner, needed));
        }
    }

    private void measure(Scope scope, Map<TensorTask, Boolean> needed, Measuring measuring) {
        PreparedMethod method = scope.method();
        List<MergeInput> all = scope.tasks().stream().map(Preparations::input).toList();
        List<MergeInput> wanted = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (needed.containsKey(scope.tasks().get(i))) {
                wanted.add(all.get(i));
            }
        }
        Map<String, TensorTask> byName = new HashMap<>();
        scope.tasks().forEach(t -> byName.put(t.output().name(), t));
        List<MergeInput> inputs = Preparation.needed(method, all, wanted);
        List<TensorTask> tasks = inputs.stream().map(i -> byName.get(i.tensor())).toList();
        Preparation preparation = Preparation.of(method, inputs, measuring.all(method, tasks));
        tasks.forEach(t -> prepared.put(t, preparation));
    }

    private static MergeInput input(TensorTask task) {
        return task.input((Work.Merge) task.work());
    }

    /// What the method of a task is told.
    MergeInput input(TensorTask task, Work.Merge merge) {
        MergeInput input = task.input(merge);
        Preparation preparation = prepared.get(task);
        return preparation == null ? input : preparation.prepared(input);
    }
}
