package jmergekit.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;

/// What a plan reads from one weight folder.
///
/// @param name the folder, as named in the recipe
/// @param tensors the number of tensors read
/// @param elements the number of their elements
/// @param bytes their stored size
public record ModelShare(String name, int tensors, long elements, long bytes) {
    /// The shares of all folders, in the order of first use.
    static List<ModelShare> of(Plan plan) {
        Map<String, Map<String, Source.Stored>> read = new LinkedHashMap<>();
        Set<TensorTask> entered = Collections.newSetFromMap(new IdentityHashMap<>());
        plan.tasks().forEach(task -> add(task, read, entered));
        List<ModelShare> shares = new ArrayList<>();
        read.forEach((folder, tensors) -> {
            long elements =
                    tensors.values().stream().mapToLong(s -> s.spec().shape().elements()).sum();
            long bytes = tensors.values().stream().mapToLong(s -> s.spec().bytes()).sum();
            shares.add(new ModelShare(folder, tensors.size(), elements, bytes));
        });
        return shares;
    }

    // When recipes share inner recipes, a task can be reached along very many paths.
    private static void add(
            TensorTask task,
            Map<String, Map<String, Source.Stored>> read,
            Set<TensorTask> entered) {
        for (TaskInput input : task.inputs()) {
            add(input.source(), read, entered);
        }
    }

    private static void add(
            Source source, Map<String, Map<String, Source.Stored>> read, Set<TensorTask> entered) {
        switch (source) {
            case Source.Stored s ->
                    read.computeIfAbsent(s.file().folder(), _ -> new LinkedHashMap<>())
                            .put(s.file().name() + "\n" + s.spec().name(), s);
            case Source.Made made -> {
                if (entered.add(made.task())) {
                    add(made.task(), read, entered);
                }
            }
            default -> source.parts().forEach(part -> add(part, read, entered));
        }
    }
}
