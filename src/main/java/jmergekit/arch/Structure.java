package jmergekit.arch;

import java.util.Collection;
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

    private static final String SHARED_MODULE = "shared";

    private final Map<String, LayerStack> stacks;
    private final Set<String> names;

    private Structure(Map<String, LayerStack> stacks, Set<String> names) {
        this.stacks = stacks;
        this.names = names;
    }

    /// That of no tensors.
    public static Structure empty() {
        return new Structure(Map.of(), Set.of());
    }

    /// Finds the stacks among `names`: numbered groups whose word is one of the usual ones, or whose
    /// size is the configured number of layers.
    public static Structure infer(ModelConfig config, Collection<String> names) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String name : names) {
            TensorName.split(name)
                    .ifPresent(n -> counts.merge(n.prefix(), n.number() + 1, Math::max));
        }
        counts.entrySet().removeIf(e -> !isStack(config, e.getKey(), e.getValue()));
        Map<String, LayerStack> stacks = new LinkedHashMap<>();
        counts.forEach((prefix, layers) -> {
            String module = counts.size() == 1 ? DEFAULT_MODULE : module(prefix);
            List<String> key = LayerCounts.key(config, prefix, layers, counts.size());
            stacks.put(prefix, new LayerStack(prefix, module, layers, key));
        });
        return new Structure(stacks, new LinkedHashSet<>(names));
    }

    private static boolean isStack(ModelConfig config, String prefix, int layers) {
        String word = new TensorName(prefix, 0, "").word();
        return ArchitectureFacts.LAYER_WORDS.contains(word)
                || !LayerCounts.matching(config, layers).isEmpty() && layers > 1;
    }

    /// In the order of their names.
    public List<LayerStack> stacks() {
        return List.copyOf(stacks.values());
    }

    /// The stack that `models` and `slices` count layers of: the only one, or the only one that is
    /// not of a vision or audio tower. Empty in an encoder-decoder, which has two.
    public Optional<LayerStack> mainStack() {
        List<LayerStack> text =
                stacks.values().stream()
                        .filter(s ->
                                stacks.size() == 1
                                        || !ArchitectureFacts.PERCEPTION.matcher(s.prefix()).find())
                        .toList();
        return text.size() == 1 ? Optional.of(text.getFirst()) : Optional.empty();
    }

    /// The stack whose layers have this module name.
    public Optional<LayerStack> stack(String module) {
        return stacks.values().stream().filter(s -> s.module().equals(module)).findFirst();
    }

    /// All module names, those with layers first.
    public Set<String> modules() {
        Set<String> modules = new LinkedHashSet<>();
        stacks.values().forEach(s -> modules.add(s.module()));
        names.forEach(n -> modules.add(place(n).module()));
        return modules;
    }

    public Place place(String name) {
        Optional<TensorName> split = TensorName.split(name);
        if (split.isPresent() && stacks.containsKey(split.get().prefix())) {
            TensorName n = split.get();
            return new Place.InLayer(stacks.get(n.prefix()), n.number(), n.rest());
        }
        String module = stacks.size() <= 1 ? DEFAULT_MODULE : moduleOfLoose(name);
        boolean before =
                ArchitectureFacts.BEFORE.matcher(name).find()
                        && !ArchitectureFacts.NOT_BEFORE.matcher(name).find();
        return before ? new Place.BeforeLayers(module) : new Place.AfterLayers(module);
    }

    // A tensor without a number joins the stack that shares its leading words; what belongs to no
    // stack is a module of its own, such as a projector, or shared.
    private String moduleOfLoose(String name) {
        String module = module(name);
        for (LayerStack stack : stacks.values()) {
            if (stack.module().equals(module)) {
                return module;
            }
        }
        boolean single = name.chars().filter(c -> c == '.').count() < 2;
        return single ? mainStack().map(LayerStack::module).orElse(SHARED_MODULE) : module;
    }

    // `model.` says nothing: the class that was saved adds it or not.
    private static String module(String name) {
        String plain = name.startsWith("model.") ? name.substring("model.".length()) : name;
        int dot = plain.indexOf('.');
        String first = plain.substring(0, dot < 0 ? plain.length() : dot);
        return ArchitectureFacts.LAYER_WORDS.contains(first) ? "model" : first;
    }

    /// Whether a tensor has one row for each token of the vocabulary.
    public static boolean isEmbedding(String name) {
        return ArchitectureFacts.INPUT_EMBEDDINGS.matcher(name).find() || isHead(name);
    }

    /// Whether a tensor has a row or an element for each token: embeddings, heads, their biases.
    public static boolean isByToken(String name) {
        return isEmbedding(name) || ArchitectureFacts.OTHERS_BY_TOKEN.matcher(name).find();
    }

    /// Whether a tensor of two dimensions is a table that rows are looked up in: by token, position or
    /// distance.
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

    /// The tensor that stands in for a head that a checkpoint with tied embeddings lacks.
    public Optional<String> tiedTo(String name) {
        return isHead(name)
                ? names.stream().filter(Structure::isInputEmbedding).findFirst()
                : Optional.empty();
    }
}
