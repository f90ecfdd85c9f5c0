package jmergekit.planner;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import jmergekit.arch.LayerIndex;
import jmergekit.arch.LayerStack;
import jmergekit.arch.NameMap;
import jmergekit.arch.NextTokenLayers;
import jmergekit.arch.Structure;
import jmergekit.model.InputFile;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightHeader;

/// A model of the recipe with its tensors under the names the output uses.
///
/// @param index into [jmergekit.planner.PlannedMerge#models]
/// @param tensors by output-style name, in file order
/// @param updates what the model's adapter does to some of them
/// @param renamings in words, how names were brought into that style
/// @param layers the names of those in numbered layers
/// @param files what plans call the files, filled as they are met
public record SourceModel(
        int index,
        ModelFolder folder,
        Map<String, TensorLocation> tensors,
        Map<String, AdapterUpdate> updates,
        List<String> renamings,
        LayerIndex layers,
        Map<WeightHeader, InputFile> files) {
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
        Map<String, String> ownNames = NextTokenLayers.ownNames(folder.config(), byName.keySet());
        Map<String, String> styled =
                referenceNames.isEmpty()
                        ? Map.of()
                        : NameMap.toReference(ownNames.values(), referenceNames);
        Map<String, TensorLocation> tensors = new LinkedHashMap<>();
        Map<String, AdapterUpdate> styledUpdates = new HashMap<>();
        ownNames.forEach((stored, own) -> {
            String name = styled.getOrDefault(own, own);
            tensors.put(name, byName.get(stored));
            if (updates.containsKey(stored)) {
                styledUpdates.put(name, updates.get(stored));
            }
        });
        return new SourceModel(
                index,
                folder,
                tensors,
                styledUpdates,
                NameMap.changes(styled),
                new LayerIndex(tensors.keySet()),
                new IdentityHashMap<>());
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
    public Optional<TaskInput> source(String name) {
        return find(name)
                .map(l -> {
                    Source own = stored(l);
                    AdapterUpdate update = updates.get(name);
                    return update == null ? own : update.of(own, this::stored);
                })
                .map(s -> new TaskInput(index, s));
    }

    private Source stored(TensorLocation location) {
        return stored(location, header -> files.computeIfAbsent(header, folder::inputFile));
    }

    /// The tensor there, in a file or made by a nested recipe.
    ///
    /// @param files what plans call the file of a header
    static Source stored(TensorLocation location, Function<WeightHeader, InputFile> files) {
        WeightHeader header = location.header();
        return header instanceof NestedHeader nested
                ? nested.source(location.entry().spec().name())
                : new Source.Stored(files.apply(header), location.entry());
    }

    /// Whether a recipe makes it.
    boolean isNested() {
        return folder.isMade();
    }

    /// What follows the number in the names of a layer, in file order.
    public List<String> restsOf(LayerStack stack, int layer) {
        return layers.rests(stack, layer);
    }

    /// How many layers of a stack this model has.
    public int layers(LayerStack stack) {
        return layers.depth(stack);
    }

    /// Whether the model lacks a tensor in each of its layers, not only in some: then it is built
    /// without it; else the file is damaged.
    boolean lacksEverywhere(LayerStack stack, String rest) {
        return !layers.has(stack, rest);
    }

    /// Whether any of its tensors belongs to a module.
    boolean has(Structure structure, String module) {
        return tensors.keySet().stream()
                .anyMatch(name -> structure.place(name).module().equals(module));
    }

    /// The input embeddings, if the model may use them as its head as well.
    Optional<TaskInput> tiedHead(Structure structure, String head) {
        if (!Structure.isHead(head) || !folder.config().tieWordEmbeddings().orElse(true)) {
            return Optional.empty();
        }
        return structure.tiedTo(head).flatMap(this::source);
    }
}
