package jmergekit.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Problems;
import org.jspecify.annotations.Nullable;

/// The kinds of mapping in a recipe, with their keys. Both the parser and the descriptions of
/// recipes use them.
public enum Section {
    RECIPE(Optional.of(RecipeKind.MERGE), "at the top level", MergeKeys::recipe),
    MODEL(Optional.of(RecipeKind.MERGE), "in an entry of 'models'", MergeKeys::model),
    SLICE(Optional.of(RecipeKind.MERGE), "in an entry of 'slices'", MergeKeys::slice),
    SOURCE(Optional.of(RecipeKind.MERGE), "in an entry of 'sources'", MergeKeys::source),
    MODULE(Optional.of(RecipeKind.MERGE), "in a module", MergeKeys::module),
    CLAUSE(Optional.of(RecipeKind.MERGE), "in a conditional value", MergeKeys::clause),
    REFERENCE(Optional.empty(), "in a model reference", TokenizerKeys::reference),
    ADAPTER(Optional.empty(), "in an adapter reference", TokenizerKeys::adapter),
    TOKENIZER(Optional.of(RecipeKind.MERGE), "under 'tokenizer'", TokenizerKeys::tokenizer),
    TOKEN(Optional.of(RecipeKind.MERGE), "in an entry of 'tokens'", TokenizerKeys::token),
    TOKEN_SOURCE(Optional.of(RecipeKind.MERGE), "in a token's source", TokenizerKeys::tokenSource),
    MIXTURE(Optional.of(RecipeKind.MIXTURE), "at the top level", MixtureKeys::recipe),
    EXPERT(Optional.of(RecipeKind.MIXTURE), "in an expert", MixtureKeys::expert),
    LAYER_SLICES(
            Optional.of(RecipeKind.LAYER_SLICES), "at the top level", MixtureKeys::layerSlices),
    LAYER_SLICE(
            Optional.of(RecipeKind.LAYER_SLICES),
            "in an entry of 'layer_slices'",
            MixtureKeys::layerSlice),
    EVOLUTION(Optional.of(RecipeKind.EVOLUTION), "at the top level", SearchKeys::evolution),
    GENOME(Optional.of(RecipeKind.EVOLUTION), "in 'genome'", SearchKeys::genome),
    STACK(Optional.of(RecipeKind.EVOLUTION), "in 'stack'", SearchKeys::stack),
    BLOCK(Optional.of(RecipeKind.EVOLUTION), "in an entry of 'blocks'", SearchKeys::block),
    MARK(Optional.of(RecipeKind.EVOLUTION), "in a search mark", SearchKeys::mark),
    TASK(Optional.of(RecipeKind.EVOLUTION), "in an entry of 'tasks'", SearchKeys::task),
    EVALUATOR(Optional.of(RecipeKind.EVOLUTION), "under 'evaluator'", EvaluatorKeys::evaluators),
    LM_EVAL(Optional.of(RecipeKind.EVOLUTION), "under 'lm_eval'", EvaluatorKeys::lmEval),
    ENDPOINT(Optional.of(RecipeKind.EVOLUTION), "under 'endpoint'", EvaluatorKeys::endpoint);

    private final Optional<RecipeKind> kind;
    private final String place;
    private final Supplier<List<Key>> known;
    private volatile @Nullable Map<String, Key> byName;

    /// @param kind the kind of recipe with this section, unless all have it
    /// @param known the keys, which may refer to other sections and so are evaluated lazily
    Section(Optional<RecipeKind> kind, String place, Supplier<List<Key>> known) {
        this.kind = kind;
        this.place = place;
        this.known = known;
    }

    /// The known keys, in the usual order of recipes.
    public List<Key> known() {
        return List.copyOf(byName().values());
    }

    /// The names of the known keys.
    List<String> keys() {
        return List.copyOf(byName().keySet());
    }

    /// A known key.
    Optional<Key> key(String name) {
        return Optional.ofNullable(byName().get(name));
    }

    private Map<String, Key> byName() {
        Map<String, Key> read = byName;
        if (read == null) {
            read = new LinkedHashMap<>();
            for (Key key : known.get()) {
                read.put(key.name(), key);
            }
            byName = read;
        }
        return read;
    }

    /// The mutually exclusive keys.
    public List<Choice> choices() {
        return switch (this) {
            case RECIPE ->
                    List.of(
                            one(MergeKeys.MODELS, MergeKeys.SLICES, MergeKeys.MODULES),
                            new Choice(List.of("tokenizer", "tokenizer_source"), false));
            case MODULE -> List.of(one(MergeKeys.MODELS, MergeKeys.SLICES));
            case REFERENCE -> List.of(one("model", "path"));
            case MARK -> List.of(one("search", "choice"));
            case TOKEN_SOURCE -> List.of(new Choice(List.of("token", "token_id"), false));
            case EVALUATOR -> List.of(new Choice(keys(), true));
            case EVOLUTION ->
                    List.of(new Choice(List.of(SearchKeys.GENOME, SearchKeys.STACK), false));
            default -> List.of();
        };
    }

    private static Choice one(String... keys) {
        return new Choice(List.of(keys), true);
    }

    /// Warns about every key of `mapping` unknown to this section; [MisplacedParameters] reports
    /// method parameters in the wrong place.
    ///
    /// At the top level, keys that start with `x-` and values with an anchor are allowed for reuse.
    ///
    /// @throws jmergekit.problem.MergeException if a key was meant to start a list, since the list
    ///     then contains what the section lacks
    void reportUnknownKeys(YamlNode.Mapping mapping, MergeMethods methods, Problems problems) {
        new UnknownKeys(this, methods, problems).report(mapping);
    }

    /// Whether a key is a parameter of one of `methods` that is next to `parameters` instead of
    /// under it.
    boolean isMisplacedParameter(YamlNode.Entry entry, MergeMethods methods) {
        return isUnknown(entry)
                && keys().contains("parameters")
                && methods.haveParameter(entry.key().text());
    }

    boolean isUnknown(YamlNode.Entry entry) {
        return !keys().contains(entry.key().text()) && !(isTopLevel() && isForReuse(entry));
    }

    /// The place of the section, such as `at the top level`.
    String place() {
        return place;
    }

    /// Whether the section is a whole recipe.
    public boolean isTopLevel() {
        return this == RECIPE || this == MIXTURE || this == LAYER_SLICES || this == EVOLUTION;
    }

    private static boolean isForReuse(YamlNode.Entry entry) {
        return entry.anchored() || entry.key().text().startsWith("x-");
    }

    /// Whether both sections can occur in the same kind of recipe.
    boolean isBeside(Section other) {
        return kind.isEmpty() || other.kind.isEmpty() || kind.equals(other.kind);
    }

    /// The place of the section as seen from another one.
    String placeSeenFrom(Section other) {
        return isBeside(other) ? place : place + " of a recipe for " + kind.orElseThrow().command();
    }
}
