package jmergekit.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask.Work;
import jmergekit.tensor.TensorSpec;

/// What becomes of all tensors, those of the output and those of the inputs.
///
/// @param merged tensors of the output that the method makes
/// @param copied tensors of the output that are a model's
/// @param skipped tensors of the inputs that nothing of the output is made from, by model
public record Tally(long merged, long copied, Map<ModelFolder, List<String>> skipped) {
    public static Tally of(MergePlan plan) {
        Map<Integer, Set<String>> used = new HashMap<>();
        for (TensorTask task : plan.tasks()) {
            for (TensorSource source : task.sources()) {
                Set<String> names = used.computeIfAbsent(source.model(), _ -> new HashSet<>());
                source.locations().forEach(l -> names.add(l.entry().spec().name()));
            }
        }
        Map<ModelFolder, List<String>> skipped = new LinkedHashMap<>();
        for (int i = 0; i < plan.models().size(); i++) {
            ModelFolder model = plan.models().get(i);
            List<String> names = new ArrayList<>();
            for (TensorSpec tensor : model.checkpoint().tensors()) {
                if (!used.getOrDefault(i, Set.of()).contains(tensor.name())) {
                    names.add(tensor.name());
                }
            }
            if (!names.isEmpty()) {
                skipped.put(model, names);
            }
        }
        long merged = plan.tasks().stream().filter(t -> t.work() == Work.MERGE).count();
        return new Tally(merged, plan.tasks().size() - merged, skipped);
    }

    /// `37 tensors merged, 2 copied, 0 skipped`
    @Override
    public String toString() {
        int count = skipped.values().stream().mapToInt(List::size).sum();
        return "%d tensors merged, %d copied, %d skipped".formatted(merged, copied, count);
    }
}
