package jmergekit.planner;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.arch.LayerStack;
import jmergekit.arch.NextTokenLayers;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.planner.LeftOut.Reason;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;

/// Compares a finished plan with the headers of its inputs: each tensor must be used or be left out
/// by the recipe, and each name that the recipe requires must be written. It does not rely on
/// inferred layers and modules, so a tensor that the inference misses is an error and is not
/// silently lost.
final class Completeness {
    private final List<SourceModel> models;
    private final List<PlannedModule> modules;
    private final LeftOutReasons reasons;
    private final Map<String, Integer> depths;
    private final Set<TensorTask> inner;
    private final Set<String> outputs = new HashSet<>();
    private final Set<String> copies = new HashSet<>();
    private final List<Set<String>> used = new ArrayList<>();
    private final List<Set<String>> applied = new ArrayList<>();

    /// @param depths the number of layers in each of the output's stacks, by prefix
    /// @param inner the tensors made inside the plan's own tasks, without those of nested recipes
    Completeness(
            List<SourceModel> models,
            List<PlannedModule> modules,
            LeftOutReasons reasons,
            Map<String, Integer> depths,
            List<TensorTask> tasks,
            Set<TensorTask> inner) {
        this.models = models;
        this.modules = modules;
        this.reasons = reasons;
        this.depths = depths;
        this.inner = inner;
        models.forEach(_ -> used.add(new HashSet<>()));
        models.forEach(_ -> applied.add(new HashSet<>()));
        tasks.forEach(this::add);
    }

    private void add(TensorTask task) {
        outputs.add(task.output().name());
        if (task.isCopy()) {
            copies.add(task.output().name());
        }
        for (TaskInput input : task.inputs()) {
            add(input.model(), input.source());
        }
    }

    private void add(int model, Source source) {
        used.get(model).add(source.spec().name());
        switch (source) {
            case Source.Scaled scaled -> {
                applied.get(model).addAll(QuantisedNames.scaleNames(scaled.spec().name()));
                scaled.parts().forEach(part -> add(model, part));
            }
            case Source.Remapped remapped -> {
                add(model, remapped.tensor());
                remapped.others().forEach(this::add);
            }
            case Source.Blocks gathered ->
                    gathered.blocks().forEach(b -> add(b.model(), b.tensor()));
            case Source.Made(TensorTask task, DType _) when inner.contains(task) ->
                    task.inputs().forEach(i -> add(i.model(), i.source()));
            case Source.Stored _, Source.Made _ -> {}
            default -> source.parts().forEach(part -> add(model, part));
        }
    }

    /// What the recipe leaves out. Any other tensor that is not used or not written is an error.
    List<LeftOut> check(Problems problems) {
        List<LeftOut> leftOut = new ArrayList<>();
        for (SourceModel model : models) {
            Map<Reason, List<String>> byReason = new EnumMap<>(Reason.class);
            List<String> all = new ArrayList<>();
            List<String> lost = new ArrayList<>();
            model.tensors()
                    .forEach((name, _) -> {
                        List<String> stored = model.storedNames(name);
                        all.addAll(stored);
                        // Integers copied from another model are in the output.
                        if (model.readNames(name).stream().allMatch(s -> isUsed(model, s))
                                || copies.contains(written(name))) {
                            return;
                        }
                        reasons.reason(model, name)
                                .ifPresentOrElse(
                                        r ->
                                                byReason.computeIfAbsent(r, _ -> new ArrayList<>())
                                                        .addAll(stored),
                                        () -> lost.addAll(stored));
                    });
            byReason.forEach(
                    (reason, names) -> leftOut.add(LeftOut.of(model.index(), reason, names, all)));
            LostTensors.report(model, lost, "the plan does not use all of its tensors", problems);
            LostTensors.report(
                    model, unwritten(model), "the output would lack tensors it has", problems);
        }
        return leftOut;
    }

    private boolean isUsed(SourceModel model, String stored) {
        return used.get(model.index()).contains(stored)
                || applied.get(model.index()).contains(stored);
    }

    private String written(String name) {
        return NextTokenLayers.storedName(name, depths);
    }

    // The names that the output must have because the recipe takes this model, or its layers, as a
    // whole.
    private List<String> unwritten(SourceModel model) {
        List<String> missing = new ArrayList<>();
        for (PlannedModule module : modules) {
            module.stack()
                    .filter(_ -> !module.whole())
                    .ifPresent(s -> unwritten(model, module, s, missing));
        }
        if (reasons.isWhole()) {
            model.tensors()
                    .forEach((name, location) -> {
                        boolean isApplied =
                                applied.get(model.index()).contains(location.entry().spec().name());
                        if (!isApplied
                                && !outputs.contains(written(name))
                                && reasons.reason(model, name).isEmpty()) {
                            missing.add(written(name));
                        }
                    });
        }
        return missing;
    }

    private void unwritten(
            SourceModel model, PlannedModule module, LayerStack stack, List<String> missing) {
        int layer = 0;
        for (PlannedSlice slice : module.slices()) {
            for (PlannedSlice.Input input : slice.inputs()) {
                for (int i = 0; input.model() == model && i < slice.layers(); i++) {
                    for (String rest : model.restsOf(stack, input.firstLayer() + i)) {
                        String own = stack.name(input.firstLayer() + i, rest);
                        String stored = model.tensors().get(own).entry().spec().name();
                        String output = written(stack.name(layer + i, rest));
                        if (!outputs.contains(output)
                                && !applied.get(model.index()).contains(stored)) {
                            missing.add(output);
                        }
                    }
                }
            }
            layer += slice.layers();
        }
    }
}
