package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.arch.LayerCounts;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;

/// The number of layers for multi-token prediction that the output's config.json must give. A
/// loader that reads a number looks for their tensors; without one it does not.
///
/// The number in a configuration may differ from the number of layers in the files: Nemotron counts
/// two of them as one. So a model's own number is copied together with its layers.
final class AuxiliaryCounts {
    private final Map<List<String>, Integer> said;
    private final Structure structure;
    private final List<PlannedModule> modules;

    AuxiliaryCounts(List<ModelFolder> models, Structure structure, List<PlannedModule> modules) {
        this.said = new LayerCounts(models.getFirst().config()).ofAuxiliary();
        this.structure = structure;
        this.modules = modules;
    }

    /// The numbers that change, by the path of their key.
    Map<List<String>, Integer> changes() {
        Map<List<String>, Integer> changes = new LinkedHashMap<>();
        List<PlannedModule> written =
                modules.stream().filter(m -> structure.isAuxiliary(m.name())).toList();
        if (written.isEmpty()) {
            said.keySet().forEach(key -> changes.put(key, 0));
        }
        for (PlannedModule module : written) {
            module.stack().ifPresent(stack -> count(module, stack, changes));
        }
        changes.entrySet().removeIf(e -> e.getValue().equals(said.get(e.getKey())));
        return changes;
    }

    private void count(PlannedModule module, LayerStack stack, Map<List<String>, Integer> changes) {
        PlannedSlice slice = module.slices().getFirst();
        SourceModel model = slice.inputs().get(Math.max(slice.base(), 0)).model();
        Map<List<String>, Integer> own = new LayerCounts(model.folder().config()).ofAuxiliary();
        int depth = module.depth();
        Optional<List<String>> key =
                stack.countKey().isEmpty() ? added(own) : Optional.of(stack.countKey());
        int count =
                own.entrySet().stream()
                        .filter(_ -> depth == model.layers(stack))
                        .filter(e -> key.isPresent() && isSame(e.getKey(), key.get()))
                        .map(Map.Entry::getValue)
                        .filter(n -> n > 0)
                        .findFirst()
                        .orElse(depth);
        key.ifPresent(k -> changes.put(k, count));
    }

    private static boolean isSame(List<String> key, List<String> other) {
        return key.getLast().equals(other.getLast());
    }

    // The configuration that the output's is based on may not have this key. The number is then
    // added as in the model that the layers come from.
    private Optional<List<String>> added(Map<List<String>, Integer> own) {
        return own.keySet().stream()
                .findFirst()
                .map(key -> {
                    List<String> count =
                            structure.mainStack().map(LayerStack::countKey).orElse(List.of());
                    List<String> path =
                            new ArrayList<>(count.subList(0, Math.max(0, count.size() - 1)));
                    path.add(key.getLast());
                    return List.copyOf(path);
                });
    }
}
