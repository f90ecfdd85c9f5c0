package jmergekit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Plan;
import jmergekit.plan.Quantised;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;

/// The tensors of an output that are made in the same way.
///
/// @param how the name of the merge method, `copied`, `added up` or `computed`
/// @param tensors the number of tensors
/// @param elements their total number of elements
/// @param bytes their total size in the output
public record TaskKind(String how, int tensors, long elements, long bytes) {
    static final String COPIED = "copied";
    private static final String COMPUTED = "computed";
    private static final String ADDED = "added up";

    /// The kinds of a plan, in the order of first occurrence.
    static List<TaskKind> of(Plan plan) {
        Map<String, List<TensorTask>> kinds = new LinkedHashMap<>();
        plan.tasks().forEach(t -> kinds.computeIfAbsent(how(t), _ -> new ArrayList<>()).add(t));
        List<TaskKind> all = new ArrayList<>();
        kinds.forEach((how, tasks) ->
                all.add(
                        new TaskKind(
                                how,
                                tasks.size(),
                                tasks.stream().mapToLong(t -> t.output().shape().elements()).sum(),
                                tasks.stream().mapToLong(t -> t.output().bytes()).sum())));
        return all;
    }

    /// Whether they are made by a merge method.
    boolean isMerged() {
        return !List.of(COPIED, COMPUTED, ADDED).contains(how);
    }

    /// How a tensor is made.
    static String how(TensorTask task) {
        return switch (task.work()) {
            case Work.Merge merge -> merge.method();
            case Work.Factors factors -> factors.merge().method();
            case Work.Sum _ -> ADDED;
            case Work.Parts(List<TensorTask> parts) -> how(parts.getFirst());
            case Work.Copy _ -> copied(task.sources().getFirst());
        };
    }

    private static String copied(Source source) {
        return switch (source) {
            case Quantised quantised -> quantised.made().map(TaskKind::how).orElse(COPIED);
            case Source.Made made -> how(made.task());
            case Source.Computed _, Source.Noise _, Source.Given _ -> COMPUTED;
            case Source.Derived derived -> copied(derived.tensor());
            default -> COPIED;
        };
    }
}
