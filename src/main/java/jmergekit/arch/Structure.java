package jmergekit.arch;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import jmergekit.model.ModelConfig;

/// The layers of a model, inferred from its tensor names and configuration.
public final class Structure {
    /// The module of a model that has only one.
    public static final String DEFAULT_MODULE = "default";

    private final Map<String, LayerStack> stacks;
    private final ModuleNames modules;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Set<String> auxiliaryModules = new HashSet<>();

    private Structure(
            Map<String, LayerStack> stacks, ModuleNames modules, Collection<String> names) {
        this.stacks = stacks;
        this.modules = modules;
        for (String name : names) {
            Place place = find(name);
            places.put(name, place);
            boolean auxiliary =
                    place instanceof Place.InLayer(LayerStack stack, int _, String _)
                            ? stack.auxiliary()
                            : hasNeeded() && ModuleNames.ofAuxiliary(name).isPresent();
            if (auxiliary) {
                auxiliaryModules.add(place.module());
            }
        }
    }

    /// The structure of a model without tensors.
    public static Structure empty() {
        return new Structure(Map.of(), new ModuleNames(Set.of()), Set.of());
    }

    /// Finds the stacks among `names`: numbered groups with one of the usual words, or whose size
    /// is a configured number of layers that no usual group has.
    public static Structure infer(ModelConfig config, Collection<String> names) {
        LayerCounts counts = new LayerCounts(config);
        Map<String, Integer> layers = layers(counts, names);
        Set<String> auxiliary = new HashSet<>(layers.keySet());
        auxiliary.removeIf(p -> !ArchitectureFacts.AUXILIARY.matcher(p).find());
        if (auxiliary.size() == layers.size()) {
            auxiliary.clear();
        }
        Set<String> needed = new LinkedHashSet<>(layers.keySet());
        needed.removeAll(auxiliary);
        ModuleNames modules = new ModuleNames(needed);
        Map<String, List<String>> keys = counts.keys(layers, auxiliary);
        Map<String, LayerStack> stacks = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        layers.forEach((prefix, number) -> {
            boolean beside = auxiliary.contains(prefix);
            String module =
                    beside
                            ? ModuleNames.ofAuxiliary(prefix).orElseThrow()
                            : needed.size() == 1 ? DEFAULT_MODULE : modules.ofStack(prefix);
            // Two stacks in one module would be planned as one.
            module = taken.add(module) ? module : prefix.substring(0, prefix.length() - 1);
            stacks.put(prefix, new LayerStack(prefix, module, number, beside, keys.get(prefix)));
        });
        return new Structure(stacks, modules, names);
    }

    private static Map<String, Integer> layers(LayerCounts counts, Collection<String> names) {
        Map<String, Integer> numbered = new TreeMap<>();
        for (String name : names) {
            TensorName.split(name)
                    .ifPresent(n -> numbered.merge(n.prefix(), n.number() + 1, Math::max));
        }
        Set<List<String>> counted = new HashSet<>();
        numbered.forEach((prefix, layers) -> {
            if (hasUsualWord(prefix)) {
                counted.addAll(counts.matching(layers));
            }
        });
        numbered.entrySet()
                .removeIf(e ->
                        !hasUsualWord(e.getKey())
                                && (e.getValue() < 2
                                        || counted.containsAll(counts.matching(e.getValue()))));
        return numbered;
    }

    private static boolean hasUsualWord(String prefix) {
        return ArchitectureFacts.LAYER_WORDS.contains(new TensorName(prefix, 0, "").word())
                || ArchitectureFacts.AUXILIARY_LAYERS.matcher(prefix).find();
    }

    /// The stored names of tensors that the model runs without.
    public static Set<String> auxiliary(ModelConfig config, Collection<String> names) {
        Map<String, String> own = NextTokenLayers.ownNames(config, names);
        Structure structure = infer(config, own.values());
        Set<String> auxiliary = new LinkedHashSet<>(names);
        auxiliary.removeIf(
                n -> !structure.isAuxiliary(structure.place(own.getOrDefault(n, n)).module()));
        return auxiliary;
    }

    /// The stacks, sorted by name.
    public List<LayerStack> stacks() {
        return List.copyOf(stacks.values());
    }

    /// The stack whose layers `models` and `slices` refer to: the only one, or the only one that is
    /// not auxiliary and not part of a vision or audio tower. Empty in an encoder-decoder, which
    /// has two.
    public Optional<LayerStack> mainStack() {
        List<LayerStack> needed = stacks.values().stream().filter(s -> !s.auxiliary()).toList();
        List<LayerStack> text =
                needed.stream().filter(s -> needed.size() == 1 || !isOfPerception(s)).toList();
        return text.size() == 1 ? Optional.of(text.getFirst()) : Optional.empty();
    }

    /// Whether the layers of a stack process images or audio, not text.
    public static boolean isOfPerception(LayerStack stack) {
        return ArchitectureFacts.PERCEPTION.matcher(stack.prefix()).find();
    }

    /// The stack whose layers have this module name.
    public Optional<LayerStack> stack(String module) {
        return stacks.values().stream().filter(s -> s.module().equals(module)).findFirst();
    }

    /// All module names, those with layers first.
    public Set<String> modules() {
        Set<String> all = new LinkedHashSet<>();
        stacks.values().forEach(s -> all.add(s.module()));
        places.values().forEach(p -> all.add(p.module()));
        return all;
    }

    public Place place(String name) {
        Place known = places.get(name);
        return known == null ? find(name) : known;
    }

    private Place find(String name) {
        Optional<TensorName> split = TensorName.split(name);
        if (split.isPresent() && stacks.containsKey(split.get().prefix())) {
            TensorName n = split.get();
            return new Place.InLayer(stacks.get(n.prefix()), n.number(), n.rest());
        }
        String module = moduleOfLoose(name);
        boolean before =
                ArchitectureFacts.BEFORE.matcher(name).find()
                        && !ArchitectureFacts.NOT_BEFORE.matcher(name).find();
        return before ? new Place.BeforeLayers(module) : new Place.AfterLayers(module);
    }

    // In a model with one stack, everything belongs to it, except tensors next to auxiliary layers.
    private String moduleOfLoose(String name) {
        if (!hasNeeded()) {
            return DEFAULT_MODULE;
        }
        long needed = stacks.values().stream().filter(s -> !s.auxiliary()).count();
        return ModuleNames.ofAuxiliary(name)
                .orElseGet(() ->
                        needed == 1
                                ? DEFAULT_MODULE
                                : modules.ofLoose(
                                        name,
                                        mainStack()
                                                .map(LayerStack::module)
                                                .orElse(ModuleNames.SHARED)));
    }

    private boolean hasNeeded() {
        return stacks.values().stream().anyMatch(s -> !s.auxiliary());
    }

    /// Whether a model runs without a module, such as the one for multi-token prediction.
    public boolean isAuxiliary(String module) {
        return auxiliaryModules.contains(module);
    }

    /// Whether a tensor has one row per token of the vocabulary.
    public static boolean isEmbedding(String name) {
        return ArchitectureFacts.INPUT_EMBEDDINGS.matcher(name).find() || isHead(name);
    }

    /// The name without the classes around the network, such as `model.`: it is the same in a model
    /// and in a larger model that contains it.
    public static String core(String name) {
        return WrappedName.of(name).core();
    }

    /// Whether a tensor has a row or an element per token: embeddings, heads, their biases.
    public static boolean isByToken(String name) {
        return isEmbedding(name) || ArchitectureFacts.OTHERS_BY_TOKEN.matcher(name).find();
    }

    /// Whether a two-dimensional tensor is a look-up table: by token, position or distance.
    public static boolean isLookup(String name) {
        return ArchitectureFacts.LOOKUPS.matcher(name).find() || isInputEmbedding(name);
    }

    /// Whether a tensor is a parameter of the whole model's class, such as `model.image_newline`.
    public static boolean isBare(String name) {
        return WrappedName.of(name).core().indexOf('.') < 0;
    }

    public static boolean isInputEmbedding(String name) {
        return ArchitectureFacts.INPUT_EMBEDDINGS.matcher(name).find();
    }

    public static boolean isHead(String name) {
        return ArchitectureFacts.HEADS.matcher(name).find();
    }

    /// Whether a model may lack such a tensor without being damaged.
    public static boolean isOptional(String name) {
        return ArchitectureFacts.OPTIONAL.matcher(name).find();
    }

    /// Whether a tensor is a buffer that loaders compute from the configuration and that older ones
    /// stored.
    public static boolean isComputed(String name) {
        return ArchitectureFacts.COMPUTED.matcher(name).find();
    }

    /// The tensor that replaces the head if a checkpoint with tied embeddings lacks it.
    public Optional<String> tiedTo(String name) {
        return isHead(name)
                ? places.entrySet().stream()
                        .filter(e -> isInputEmbedding(e.getKey()))
                        .filter(e -> !isAuxiliary(e.getValue().module()))
                        .map(Map.Entry::getKey)
                        .findFirst()
                : Optional.empty();
    }
}
