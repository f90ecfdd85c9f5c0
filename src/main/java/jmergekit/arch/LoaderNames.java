package jmergekit.arch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.model.ModelConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The names that a model's modules have after transformers has loaded them, where they differ from
/// the names in the files. Adapters in the PEFT format use these names.
///
/// Source: the names of the parameters of small models of each class, made with transformers 5.18 by
/// `scripts/lib/write_loader_names.py`.
public final class LoaderNames {
    private static final String FILE = "/jmergekit/arch/loader-names.json";
    private static final String NUMBER = "*";
    private static final String HEAD = "lm_head.weight";

    /// Routers of mixtures of experts, which loaders do not treat as ordinary linear modules.
    private static final Set<String> ROUTERS = Set.of("router", "gate");

    /// A renaming of the start of names, split into parts; `*` stands for a number.
    private record Renaming(List<String> from, List<String> to) {}

    private final List<Renaming> renamings = new ArrayList<>();
    private final Set<String> fused = new HashSet<>();
    private final Set<String> opaque = new HashSet<>();
    private final Set<String> embeddings = new HashSet<>();
    private final Set<String> shared = new HashSet<>();
    private final List<List<String>> tied = new ArrayList<>();
    private final Set<String> fusedWords = new HashSet<>();
    private boolean factorsOfFused;
    private final Set<String> parameters = new HashSet<>();
    private boolean transposed;
    private boolean swapped;

    private LoaderNames() {}

    /// The names for the class in the configuration, or for another class of its model type.
    public static LoaderNames of(ModelConfig config) {
        JsonNode classes = read();
        JsonNode facts = classes.path(config.architecture());
        LoaderNames names = new LoaderNames();
        if (facts.isMissingNode()) {
            String type = config.modelType().orElse("");
            facts =
                    classes.valueStream()
                            .filter(c -> c.path("model_type").stringValue().equals(type))
                            .findFirst()
                            .orElse(facts);
        } else {
            facts.path("tied").forEach(group -> names.tied.add(strings(group)));
        }
        for (Map.Entry<String, JsonNode> e : facts.path("renamed").properties()) {
            names.renamings.add(new Renaming(parts(e.getKey()), parts(e.getValue().stringValue())));
        }
        names.renamings.sort(Comparator.comparingInt((Renaming r) -> -r.from.size()));
        names.fused.addAll(strings(facts.path("fused")));
        names.fused.forEach(f -> names.fusedWords.add(parts(f).getLast()));
        names.factorsOfFused = facts.path("factors_of_fused").asBoolean(false);
        names.parameters.addAll(strings(facts.path("parameters")));
        names.transposed = facts.path("transposed").asBoolean(false);
        names.swapped = facts.path("swapped").asBoolean(false);
        names.opaque.addAll(strings(facts.path("opaque")));
        names.embeddings.addAll(strings(facts.path("embeddings")));
        names.shared.addAll(strings(facts.path("shared")));
        return names;
    }

    private static JsonNode read() {
        try (InputStream in = LoaderNames.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("no " + FILE);
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> strings(JsonNode list) {
        return list.valueStream().map(JsonNode::stringValue).toList();
    }

    private static List<String> parts(String name) {
        return Arrays.asList(name.split("\\."));
    }

    /// The loader's name of a tensor or module; names that are already loader names are unchanged.
    public String of(String name) {
        List<String> own = parts(name);
        Optional<Renaming> renaming =
                renamings.stream().filter(r -> begins(own, r.from)).findFirst();
        if (renaming.isEmpty() || isLoaders(own, renaming.get().from.size())) {
            return name;
        }
        List<String> renamed = new ArrayList<>();
        int at = 0;
        for (String part : renaming.get().to) {
            while (part.equals(NUMBER) && !renaming.get().from.get(at).equals(NUMBER)) {
                at++;
            }
            renamed.add(part.equals(NUMBER) ? own.get(at++) : part);
        }
        renamed.addAll(own.subList(renaming.get().from.size(), own.size()));
        return String.join(".", renamed);
    }

    private boolean isLoaders(List<String> name, int beginning) {
        return renamings.stream().anyMatch(r -> r.to.size() > beginning && begins(name, r.to));
    }

    private static boolean begins(List<String> name, List<String> beginning) {
        if (name.size() < beginning.size()) {
            return false;
        }
        for (int i = 0; i < beginning.size(); i++) {
            String wanted = beginning.get(i);
            String part = name.get(i);
            if (!(wanted.equals(NUMBER) ? isNumber(part) : wanted.equals(part))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// Whether loaders combine several modules like this one, named as in the files, into one
    /// tensor.
    public boolean isFused(String module) {
        return fused.contains(folded(module));
    }

    /// Whether a module, by its loader name, has a matrix but cannot be changed by factors.
    public boolean isOpaque(String module) {
        List<String> parts = parts(module);
        return factorsOfFused && fusedWords.contains(parts.getLast()) && !isExpert(parts)
                || opaque.contains(folded(module))
                || ROUTERS.contains(parts.getLast());
    }

    /// Whether a module, by its loader name, looks up rows, whatever its name suggests.
    public boolean isEmbedding(String module) {
        return embeddings.contains(folded(module));
    }

    /// Whether several layers share a module, by its loader name. PEFT changes it in all of them by
    /// factors, but to replace it looks for it in each of them.
    public boolean isShared(String module) {
        return shared.contains(folded(module));
    }

    /// Whether a module only computes a weight from others, as in weight normalisation. An adapter
    /// cannot replace it.
    public static boolean isParametrization(String module) {
        return parts(module).contains("parametrizations");
    }

    // A name in an adapter refers to the experts' modules wherever it can.
    private static boolean isExpert(List<String> parts) {
        return parts.size() > 1 && isNumber(parts.get(parts.size() - 2));
    }

    /// Whether adapters may have factors for fused modules, all of the same rank.
    public boolean hasFactorsOfFused() {
        return factorsOfFused;
    }

    /// Whether loaders store the experts' matrices as parameters, all experts of a layer in one,
    /// that adapters may have factors for.
    public boolean hasParameters() {
        return !parameters.isEmpty();
    }

    /// Whether a tensor, by its loader name, is such a parameter.
    public boolean isParameter(String name) {
        return parameters.contains(folded(name));
    }

    /// Whether these parameters are `[experts, in, out]`, not `[experts, out, in]`.
    public boolean hasTransposedParameters() {
        return transposed;
    }

    /// Whether adapter loaders assume that these parameters are `[experts, in, out]`, which is not
    /// true for all models.
    public boolean hasTransposedFactors() {
        return transposed != swapped;
    }

    private static String folded(String name) {
        return String.join(".", parts(name).stream().map(p -> isNumber(p) ? NUMBER : p).toList());
    }

    /// Groups of loader names that refer to the same tensor. For an unknown class these are the
    /// input embeddings and the head, if they share a matrix.
    ///
    /// @param tensors names in the files
    /// @param headIsEmbeddings whether the head and the input embeddings are the same matrix
    public List<List<String>> tied(Collection<String> tensors, boolean headIsEmbeddings) {
        return tied.isEmpty() && headIsEmbeddings
                ? tensors.stream()
                        .filter(Structure::isInputEmbedding)
                        .limit(1)
                        .map(embeddings -> List.of(of(embeddings), HEAD))
                        .toList()
                : List.copyOf(tied);
    }
}
