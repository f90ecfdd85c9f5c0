package jmergekit.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.arch.Structure;
import jmergekit.compare.ModelDifference.Skipped;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Pairs the tensors of models by name. Names that differ only in wrapper prefixes, such as
/// `model.`, count as the same.
///
/// @param paired the tensors that all models have, in the reference's order
/// @param skipped the other tensors
record VersionedTensors(List<VersionedTensor> paired, List<Skipped> skipped) {
    /// @param plans the plan of each unchanged model
    /// @param structure the structure of the reference
    static VersionedTensors of(List<Plan> plans, Structure structure) {
        List<Map<String, TensorTask>> models =
                plans.stream().map(VersionedTensors::byName).toList();
        List<VersionedTensor> paired = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        Set<String> met = new HashSet<>();
        for (int first = 0; first < models.size(); first++) {
            for (Map.Entry<String, TensorTask> entry : models.get(first).entrySet()) {
                if (met.add(entry.getKey())) {
                    add(entry.getKey(), models, structure, paired, skipped);
                }
            }
        }
        return new VersionedTensors(List.copyOf(paired), List.copyOf(skipped));
    }

    private static Map<String, TensorTask> byName(Plan plan) {
        Map<String, List<TensorTask>> byCore = new LinkedHashMap<>();
        for (TensorTask task : plan.tasks()) {
            String core = Structure.core(task.output().name());
            byCore.computeIfAbsent(core, _ -> new ArrayList<>()).add(task);
        }
        Map<String, TensorTask> byName = new LinkedHashMap<>();
        byCore.forEach((core, tasks) ->
                tasks.forEach(t -> byName.put(tasks.size() == 1 ? core : t.output().name(), t)));
        return byName;
    }

    private static void add(
            String key,
            List<Map<String, TensorTask>> models,
            Structure structure,
            List<VersionedTensor> paired,
            List<Skipped> skipped) {
        List<Integer> having =
                IntStream.range(0, models.size())
                        .filter(i -> models.get(i).containsKey(key))
                        .boxed()
                        .toList();
        List<TensorTask> tasks = having.stream().map(i -> models.get(i).get(key)).toList();
        String name = tasks.getFirst().output().name();
        if (having.size() < models.size()) {
            skipped.add(new Skipped(name, having, "not in all models"));
            return;
        }
        Optional<String> reason = unlike(tasks);
        if (reason.isPresent()) {
            skipped.add(new Skipped(name, having, reason.get()));
        } else {
            paired.addAll(versions(name, tasks, structure));
        }
    }

    // The reason why versions cannot be compared, if any.
    private static Optional<String> unlike(List<TensorTask> tasks) {
        TensorTask first = tasks.getFirst();
        Shape shape = first.output().shape();
        for (TensorTask task : tasks) {
            Shape other = task.output().shape();
            boolean moreRows =
                    Structure.isByToken(first.output().name())
                            && shape.rank() == 2
                            && other.rank() == 2
                            && shape.size(1) == other.size(1);
            if (!other.equals(shape) && !moreRows) {
                return Optional.of("shapes %s and %s".formatted(shape, other));
            }
            if (task.parts().size() != first.parts().size()) {
                return Optional.of("experts stored in different layouts");
            }
            if (task.all()
                    .anyMatch(s -> s instanceof Source.Made || s instanceof Source.Computed)) {
                return Optional.of("computed, not stored");
            }
            if (!task.sources().getFirst().dtype().isFloat()) {
                return Optional.of("dtype %s".formatted(task.sources().getFirst().dtype()));
            }
        }
        return Optional.empty();
    }

    private static List<VersionedTensor> versions(
            String name, List<TensorTask> tasks, Structure structure) {
        List<VersionedTensor> versions = new ArrayList<>();
        int parts = tasks.getFirst().parts().size();
        for (int part = 0; part < parts; part++) {
            int at = part;
            List<Source> sources =
                    tasks.stream().map(t -> t.parts().get(at).sources().getFirst()).toList();
            List<List<Long>> shapes = sources.stream().map(s -> s.shape().dimensions()).toList();
            versions.add(
                    new VersionedTensor(
                            parts == 1 ? name : "%s[%d]".formatted(name, part),
                            structure.place(name),
                            shapes,
                            task(name, leading(sources))));
        }
        return versions;
    }

    private static List<Source> leading(List<Source> sources) {
        Shape shape = sources.getFirst().shape();
        if (sources.stream().allMatch(s -> s.shape().equals(shape))) {
            return sources;
        }
        long rows = sources.stream().mapToLong(s -> s.shape().size(0)).min().orElseThrow();
        return sources.stream()
                .<Source>map(s ->
                        s.shape().size(0) == rows
                                ? s
                                : new Source.Leading(s, s.shape().withRows(rows)))
                .toList();
    }

    private static TensorTask task(String name, List<Source> versions) {
        TensorSpec spec = new TensorSpec(name, DType.F32, versions.getFirst().shape());
        return new TensorTask(
                spec,
                IntStream.range(0, versions.size())
                        .mapToObj(i -> new TaskInput(i, versions.get(i)))
                        .toList(),
                new Work.Copy());
    }
}
