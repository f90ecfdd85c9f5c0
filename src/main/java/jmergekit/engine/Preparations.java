package jmergekit.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethods;
import jmergekit.method.Preparation;
import jmergekit.method.PreparedMethod;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The statistics of methods that measure all tensors before they merge the first. Only tasks of
/// the plan itself can have such a method, not inner tasks: a nested recipe only makes the tensors
/// that the outer one uses, not all of its own.
final class Preparations {
    private final MergeMethods methods;
    // By method name.
    private final Map<String, List<TensorTask>> tasks = new LinkedHashMap<>();
    private final Set<TensorTask> known = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Preparation> prepared = new HashMap<>();

    Preparations(Plan plan, MergeMethods methods) {
        this.methods = methods;
        for (TensorTask task : plan.tasks()) {
            own(task)
                    .forEach(own -> {
                        if (own.work() instanceof Work.Merge merge && method(merge).isPresent()) {
                            tasks.computeIfAbsent(merge.method(), _ -> new ArrayList<>()).add(own);
                            known.add(own);
                        }
                    });
        }
    }

    // The merges that a tensor in parts is assembled from are tasks of the plan itself, at any
    // depth.
    private static Stream<TensorTask> own(TensorTask task) {
        return task.work() instanceof Work.Parts(List<TensorTask> parts)
                ? Stream.concat(parts.stream(), task.inner().stream())
                : Stream.of(task);
    }

    private Optional<PreparedMethod> method(Work.Merge merge) {
        return methods.named(merge.method())
                .filter(PreparedMethod.class::isInstance)
                .map(PreparedMethod.class::cast);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /// Measures a task for its method.
    interface Measuring {
        /// The measurements in the order of the tasks.
        List<double[]> all(PreparedMethod method, List<TensorTask> tasks);
    }

    /// Measures everything needed to make some of the plan's tasks.
    void measure(Collection<TensorTask> wanted, Measuring measuring) {
        Set<String> names =
                wanted.stream()
                        .flatMap(Preparations::own)
                        .map(t -> t.output().name())
                        .collect(Collectors.toSet());
        tasks.forEach((name, all) -> {
            PreparedMethod method = (PreparedMethod) methods.named(name).orElseThrow();
            prepared.put(name, preparation(method, all, names, measuring));
        });
    }

    private static Preparation preparation(
            PreparedMethod method, List<TensorTask> tasks, Set<String> names, Measuring measuring) {
        List<MergeInput> all = tasks.stream().map(Preparations::input).toList();
        List<MergeInput> inputs =
                Preparation.needed(
                        method, all, all.stream().filter(i -> names.contains(i.tensor())).toList());
        Set<String> needed = inputs.stream().map(MergeInput::tensor).collect(Collectors.toSet());
        List<TensorTask> measured =
                tasks.stream().filter(t -> needed.contains(t.output().name())).toList();
        return Preparation.of(method, inputs, measuring.all(method, measured));
    }

    private static MergeInput input(TensorTask task) {
        return task.input((Work.Merge) task.work());
    }

    /// The input for the method of a task of the plan.
    MergeInput input(TensorTask task, Work.Merge merge) {
        Preparation preparation = prepared.get(merge.method());
        return preparation == null ? task.input(merge) : preparation.prepared(task.input(merge));
    }

    /// The input for the method of an inner task.
    ///
    /// @throws MergeException if the method measures all tensors
    MergeInput innerInput(TensorTask task, Work.Merge merge) {
        if (known.contains(task)) {
            return input(task, merge);
        }
        if (method(merge).isPresent()) {
            throw new MergeException(
                    Problem.usage(
                            "plan",
                            "merge method '%s' needs statistics and cannot be used inside another recipe"
                                    .formatted(merge.method())));
        }
        return task.input(merge);
    }
}
