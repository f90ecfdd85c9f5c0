package jmergekit.planner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
import jmergekit.weights.TensorEntry;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightHeader;

/// A model of the recipe, with its tensors under the names that the output uses.
///
/// @param index into [jmergekit.planner.PlannedMerge#models]
/// @param tensors by output-style name, in file order
/// @param updates the changes that the model's adapter makes to some of them
/// @param renamings how names were converted to that style, in words
/// @param layers the names of the tensors in numbered layers
/// @param experts by the prefix of their names, as stored
/// @param files the names that plans give the files; filled as files are used
public record SourceModel(
        int index,
        ModelFolder folder,
        Map<String, TensorLocation> tensors,
        Map<String, AdapterUpdate> updates,
        List<String> renamings,
        LayerIndex layers,
        Map<String, Experts> experts,
        Map<WeightHeader, InputFile> files) {
    /// @param referenceNames names of the preceding models, whose style the model's names are
    ///     converted to
    public static SourceModel of(
            int index, ModelFolder folder, Set<String> referenceNames, Problems problems) {
        Map<String, TensorLocation> byName = new LinkedHashMap<>();
        for (TensorSpec spec : folder.checkpoint().tensors()) {
            byName.put(spec.name(), folder.checkpoint().find(spec.name()).orElseThrow());
        }
        Map<WeightHeader, InputFile> files = new IdentityHashMap<>();
        Map<String, AdapterUpdate> updates =
                folder.adapter()
                        .map(a -> AdaptedTensors.updates(folder, a, byName, files, problems))
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
                Map.of(),
                files);
    }

    /// The same model with some of its tensors in another form. The tensors they replace can no
    /// longer be found by name.
    SourceModel with(Collection<ViewedTensor> views) {
        if (views.isEmpty()) {
            return this;
        }
        Map<String, List<ViewedTensor>> byFirst = new HashMap<>();
        Set<String> replaced = new HashSet<>();
        Map<String, List<String>> stored = new HashMap<>();
        for (ViewedTensor view : views) {
            byFirst.computeIfAbsent(view.replaced().getFirst(), _ -> new ArrayList<>()).add(view);
            replaced.addAll(view.replaced());
            stored.put(
                    view.name(),
                    view.replaced().stream().flatMap(n -> storedNames(n).stream()).toList());
        }
        ViewHeader header = new ViewHeader(label(), views, stored);
        Map<String, TensorEntry> entries = new HashMap<>();
        header.entries().forEach(e -> entries.put(e.spec().name(), e));
        Map<String, TensorLocation> changed = new LinkedHashMap<>();
        tensors.forEach((name, location) -> {
            if (!replaced.contains(name)) {
                changed.put(name, location);
            }
            for (ViewedTensor view : byFirst.getOrDefault(name, List.of())) {
                changed.put(view.name(), new TensorLocation(header, entries.get(view.name())));
            }
        });
        Map<String, AdapterUpdate> left = new HashMap<>(updates);
        left.keySet().removeAll(replaced);
        return new SourceModel(
                index,
                folder,
                changed,
                left,
                renamings,
                new LayerIndex(changed.keySet()),
                experts,
                files);
    }

    /// The same model with its experts recognised.
    SourceModel with(Map<String, Experts> found) {
        return new SourceModel(index, folder, tensors, updates, renamings, layers, found, files);
    }

    /// The names in files of the tensors that a tensor is made from.
    List<String> storedNames(String name) {
        TensorLocation location = tensors.get(name);
        return location.header() instanceof ViewHeader views
                ? views.stored(location.entry().spec().name())
                : List.of(location.entry().spec().name());
    }

    /// Whether a tensor is computed from others while it is read.
    boolean isViewed(String name) {
        return find(name).filter(l -> l.header() instanceof ViewHeader).isPresent();
    }

    /// Whether any of its tensors is computed from others.
    boolean isUnpacked() {
        return tensors.keySet().stream().anyMatch(this::isViewed);
    }

    /// The names in files of the tensors that are read for a tensor.
    List<String> readNames(String name) {
        return isViewed(name)
                ? tensors.get(name).header() instanceof ViewHeader views
                        ? views.source(name).stored().map(s -> s.spec().name()).toList()
                        : List.of()
                : storedNames(name);
    }

    /// The model's name in messages.
    public String label() {
        return folder.reference().toString();
    }

    /// A tensor by its output-style name.
    public Optional<TensorLocation> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /// The tensor as an input of the merge, changed by the model's adapter.
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

    /// The source of the tensor at a location, in a file or made by a nested recipe.
    ///
    /// @param files gives the name that plans use for the file of a header
    static Source stored(TensorLocation location, Function<WeightHeader, InputFile> files) {
        WeightHeader header = location.header();
        return header instanceof SourceHeader made
                ? made.source(location.entry().spec().name())
                : new Source.Stored(files.apply(header), location.entry());
    }

    /// Whether a nested recipe makes it.
    boolean isNested() {
        return folder.isMade();
    }

    /// The parts of a layer's tensor names after the layer number, in file order.
    public List<String> restsOf(LayerStack stack, int layer) {
        return layers.rests(stack, layer);
    }

    /// The number of layers that this model has in a stack.
    public int layers(LayerStack stack) {
        return layers.depth(stack);
    }

    /// Whether the model lacks a tensor in all of its layers. If so, its architecture does not have
    /// it; if only some layers lack it, the file is damaged.
    boolean lacksEverywhere(LayerStack stack, String rest) {
        return !layers.has(stack, rest);
    }

    /// Whether any of its tensors belongs to a module.
    boolean has(Structure structure, String module) {
        return tensors.keySet().stream()
                .anyMatch(name -> structure.place(name).module().equals(module));
    }

    /// The input embeddings, if the model may also use them as its head.
    Optional<TaskInput> tiedHead(Structure structure, String head) {
        if (!Structure.isHead(head) || !folder.config().tieWordEmbeddings().orElse(true)) {
            return Optional.empty();
        }
        return structure.tiedTo(head).flatMap(this::source);
    }
}
