package jmergekit.plan;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.LayerStack;
import jmergekit.arch.NameMap;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// A model of the recipe with its tensors under the names the output uses.
///
/// @param index into [MergePlan#models]
/// @param tensors by output-style name, in file order
/// @param updates what the model's adapter does to some of them
/// @param renamings in words, how names were brought into that style
public record SourceModel(
        int index,
        ModelFolder folder,
        Map<String, TensorLocation> tensors,
        Map<String, AdapterUpdate> updates,
        List<String> renamings) {
    /// @param referenceNames names of the models before it, whose manner its own are brought into
    public static SourceModel of(
            int index, ModelFolder folder, Set<String> referenceNames, Problems problems) {
        Map<String, TensorLocation> byName = new LinkedHashMap<>();
        for (TensorSpec spec : folder.checkpoint().tensors()) {
            byName.put(spec.name(), folder.checkpoint().find(spec.name()).orElseThrow());
        }
        Map<String, AdapterUpdate> updates =
                folder.adapter()
                        .map(a -> new AdapterMatch(folder, a, byName).updates(problems))
                        .orElse(Map.of());
        if (referenceNames.isEmpty()) {
            return new SourceModel(index, folder, byName, updates, List.of());
        }
        Map<String, TensorLocation> renamed = new LinkedHashMap<>();
        Map<String, AdapterUpdate> renamedUpdates = new HashMap<>();
        Map<String, String> names = NameMap.toReference(byName.keySet(), referenceNames);
        names.forEach((own, name) -> {
            renamed.put(name, byName.get(own));
            if (updates.containsKey(own)) {
                renamedUpdates.put(name, updates.get(own));
            }
        });
        return new SourceModel(index, folder, renamed, renamedUpdates, NameMap.changes(names));
    }

    /// How messages call the model.
    public String label() {
        return folder.reference().toString();
    }

    /// A tensor by its output-style name.
    public Optional<TensorLocation> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /// The tensor as it takes part, changed by the model's adapter.
    public Optional<TensorSource> source(String name) {
        return find(name)
                .map(l -> TensorSource.whole(index, l, Optional.ofNullable(updates.get(name))));
    }

    /// What follows `prefix` in the names that start with it, in file order.
    public List<String> restsOf(String prefix) {
        return tensors.keySet().stream()
                .filter(n -> n.startsWith(prefix))
                .map(n -> n.substring(prefix.length()))
                .toList();
    }

    /// How many layers of a stack this model has.
    public int layers(Structure structure, LayerStack stack) {
        int layers = 0;
        for (String name : tensors.keySet()) {
            if (structure.place(name) instanceof Place.InLayer(LayerStack s, int layer, _)
                    && s.prefix().equals(stack.prefix())) {
                layers = Math.max(layers, layer + 1);
            }
        }
        return layers;
    }

    /// Whether the model lacks a tensor in each of its layers, not only in some: then it is built
    /// without it; else the file is damaged.
    boolean lacksEverywhere(LayerStack stack, String rest) {
        for (int i = 0; i < stack.layers(); i++) {
            if (tensors.containsKey(stack.name(i, rest))) {
                return false;
            }
        }
        return true;
    }

    /// The input embeddings, if the model may use them as its head as well.
    Optional<TensorSource> tiedHead(Structure structure, String head) {
        if (!Structure.isHead(head) || !folder.config().tieWordEmbeddings().orElse(true)) {
            return Optional.empty();
        }
        return structure.tiedTo(head).flatMap(this::source);
    }
}
