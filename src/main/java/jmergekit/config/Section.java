package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Problems;

/// The kinds of mapping in a recipe, with the keys each one knows.
enum Section {
    RECIPE(
            Optional.of(RecipeKind.MERGE),
            "at the top level",
            "name",
            "merge_method",
            "models",
            "slices",
            "modules",
            "base_model",
            "parameters",
            "dtype",
            "out_dtype",
            "tokenizer",
            "tokenizer_source",
            "chat_template",
            "input_model_parameters"),
    MODEL(Optional.of(RecipeKind.MERGE), "in an entry of 'models'", "model", "parameters"),
    SLICE(
            Optional.of(RecipeKind.MERGE),
            "in an entry of 'slices'",
            "sources",
            "base_model",
            "parameters"),
    SOURCE(
            Optional.of(RecipeKind.MERGE),
            "in an entry of 'sources'",
            "model",
            "layer_range",
            "parameters"),
    MODULE(Optional.of(RecipeKind.MERGE), "in a module", "models", "slices", "parameters"),
    CLAUSE(Optional.of(RecipeKind.MERGE), "in a conditional value", "filter", "value"),
    REFERENCE(
            Optional.empty(),
            "in a model reference",
            "model",
            "path",
            "revision",
            "lora",
            "override_architecture"),
    ADAPTER(Optional.empty(), "in an adapter reference", "path", "revision"),
    TOKENIZER(
            Optional.of(RecipeKind.MERGE),
            "under 'tokenizer'",
            "source",
            "tokens",
            "pad_to_multiple_of"),
    TOKEN(Optional.of(RecipeKind.MERGE), "in an entry of 'tokens'", "source", "force"),
    TOKEN_SOURCE(
            Optional.of(RecipeKind.MERGE),
            "in a token's source",
            "kind",
            "model",
            "token",
            "token_id"),
    MIXTURE(
            Optional.of(RecipeKind.MIXTURE),
            "at the top level",
            "name",
            "base_model",
            "gate_mode",
            "dtype",
            "experts_per_token",
            "experts",
            "shared_experts",
            "architecture"),
    EXPERT(
            Optional.of(RecipeKind.MIXTURE),
            "in an expert",
            "source_model",
            "positive_prompts",
            "negative_prompts",
            "residual_scale",
            "noise_scale"),
    LAYER_SLICES(
            Optional.of(RecipeKind.LAYER_SLICES),
            "at the top level",
            "layer_slices",
            "embedding_source",
            "lm_head_source"),
    LAYER_SLICE(
            Optional.of(RecipeKind.LAYER_SLICES),
            "in an entry of 'layer_slices'",
            "model",
            "start",
            "end",
            "scale"),
    EVOLUTION(
            Optional.of(RecipeKind.EVOLUTION),
            "at the top level",
            "genome",
            "stack",
            "name",
            "tasks",
            "evaluator",
            "limit",
            "num_fewshot",
            "shuffle",
            "random_init",
            "apply_chat_template",
            "fewshot_as_multiturn"),
    GENOME(
            Optional.of(RecipeKind.EVOLUTION),
            "in 'genome'",
            "models",
            "merge_method",
            "base_model",
            "tokenizer_source",
            "layer_granularity",
            "normalize",
            "allow_negative_weights",
            "filters",
            "smooth"),
    STACK(
            Optional.of(RecipeKind.EVOLUTION),
            "in 'stack'",
            "blocks",
            "order",
            "scale",
            "repeat",
            "base_model",
            "tokenizer_source",
            "dtype"),
    BLOCK(
            Optional.of(RecipeKind.EVOLUTION),
            "in an entry of 'blocks'",
            "model",
            "layers",
            "always",
            "scale"),
    MARK(
            Optional.of(RecipeKind.EVOLUTION),
            "in a search mark",
            "search",
            "scale",
            "step",
            "choice",
            "gradient",
            "start"),
    TASK(
            Optional.of(RecipeKind.EVOLUTION),
            "in an entry of 'tasks'",
            "name",
            "weight",
            "metric",
            "file",
            "held_out",
            "extract"),
    EVALUATOR(
            Optional.of(RecipeKind.EVOLUTION),
            "under 'evaluator'",
            "built-in",
            "command",
            "lm_eval",
            "endpoint"),
    LM_EVAL(
            Optional.of(RecipeKind.EVOLUTION),
            "under 'lm_eval'",
            "program",
            "backend",
            "model_args",
            "args"),
    ENDPOINT(
            Optional.of(RecipeKind.EVOLUTION),
            "under 'endpoint'",
            "serve",
            "url",
            "health",
            "start_seconds",
            "chat",
            "model",
            "max_tokens",
            "stop",
            "requests");

    private final Optional<RecipeKind> kind;
    private final String place;
    private final List<String> keys;

    /// @param kind the recipes that have such a section, unless all have
    Section(Optional<RecipeKind> kind, String place, String... keys) {
        this.kind = kind;
        this.place = place;
        this.keys = List.of(keys);
    }

    /// The keys that it knows.
    List<String> keys() {
        return keys;
    }

    /// Warns of every key of `mapping` that this section does not know; [MisplacedParameters] tells
    /// of those that are method parameters in the wrong place.
    ///
    /// At the top level, keys that start with `x-` and values with an anchor are there to be
    /// reused.
    ///
    /// @throws jmergekit.problem.MergeException if a list was meant to begin where a key is: what the section lacks then
    ///     is in the list
    void reportUnknownKeys(YamlNode.Mapping mapping, MergeMethods methods, Problems problems) {
        new UnknownKeys(this, methods, problems).report(mapping);
    }

    /// Whether a key that should stand under `parameters`, as one of `methods` has it, stands beside
    /// it.
    boolean isMisplacedParameter(YamlNode.Entry entry, MergeMethods methods) {
        return isUnknown(entry)
                && keys.contains("parameters")
                && methods.haveParameter(entry.key().text());
    }

    boolean isUnknown(YamlNode.Entry entry) {
        return !keys.contains(entry.key().text()) && !(isTopLevel() && isForReuse(entry));
    }

    /// Where the section is, as in `at the top level`.
    String place() {
        return place;
    }

    private boolean isTopLevel() {
        return this == RECIPE || this == MIXTURE || this == LAYER_SLICES || this == EVOLUTION;
    }

    private static boolean isForReuse(YamlNode.Entry entry) {
        return entry.anchored() || entry.key().text().startsWith("x-");
    }

    /// Whether the recipes that have it may be of the same kind as those of another.
    boolean isBeside(Section other) {
        return kind.isEmpty() || other.kind.isEmpty() || kind.equals(other.kind);
    }

    /// Where it is for someone who is in another section.
    String placeSeenFrom(Section other) {
        return isBeside(other) ? place : place + " of a recipe for " + kind.orElseThrow().command();
    }
}
