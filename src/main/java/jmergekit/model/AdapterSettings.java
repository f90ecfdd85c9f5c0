package jmergekit.model;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The adapter_config.json of a low-rank adapter.
///
/// Source: the configuration of LoRA adapters in the PEFT format.
public final class AdapterSettings {
    /// Settings that make an adapter anything other than a product to be added; null, false and
    /// empty values mean that they are not in use.
    private static final List<String> VARIANTS =
            List.of(
                    "use_dora",
                    "use_qalora",
                    "use_bdlora",
                    "layer_replication",
                    "trainable_token_indices",
                    "target_parameters",
                    "alora_invocation_tokens",
                    "arrow_config",
                    "kasa_config",
                    "monteclora_config",
                    "velora_config");

    /// Initialisations of the factors that leave the model's own weights unchanged.
    private static final Set<String> PLAIN_STARTS = Set.of("gaussian", "eva", "orthogonal");

    private static final double DEFAULT_ALPHA = 8;

    private final ObjectNode json;
    private final ModulePatterns ranks;
    private final ModulePatterns alphas;

    private AdapterSettings(ObjectNode json, String where) {
        this.json = json;
        this.ranks = ModulePatterns.of(json.path("rank_pattern"), where + ": 'rank_pattern'");
        this.alphas = ModulePatterns.of(json.path("alpha_pattern"), where + ": 'alpha_pattern'");
    }

    /// Takes the settings from a file's content, and refuses adapters that are not a low-rank
    /// product.
    ///
    /// @param where the name of the file in messages
    static AdapterSettings of(ObjectNode json, String where, Problems problems) {
        String type = json.path("peft_type").asString("none");
        if (!type.equals("LORA")) {
            problems.add(
                    Problem.input(where, "not a supported type of adapter")
                            .expected("peft_type 'LORA'")
                            .found("'" + type + "'"));
        }
        for (String variant : VARIANTS) {
            if (isInUse(json.path(variant))) {
                problems.add(
                        Problem.input(
                                        where,
                                        "the adapter uses '%s', which is not supported"
                                                .formatted(variant))
                                .hint("merge it into its model with PEFT first"));
            }
        }
        JsonNode start = json.path("init_lora_weights");
        if (start.isString() && !PLAIN_STARTS.contains(start.stringValue())) {
            problems.add(
                    Problem.input(
                                    where,
                                    "the adapter was trained from init_lora_weights '%s', which"
                                                    .formatted(start.stringValue())
                                            + " also changes the model's own weights")
                            .hint(
                                    "save it as an ordinary LoRA with PEFT's"
                                            + " path_initial_model_for_weight_conversion"));
        }
        return new AdapterSettings(json, where);
    }

    private static boolean isInUse(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> false;
            case BOOLEAN -> value.booleanValue();
            case ARRAY, OBJECT -> !value.isEmpty();
            default -> true;
        };
    }

    /// The rank that the file gives a module; empty if it gives none.
    public OptionalDouble rank(String module) {
        OptionalDouble own = ranks.find(module);
        return own.isPresent() ? own : number("r");
    }

    /// The factor for the product of a module's factors: `alpha / rank`, or `alpha / sqrt(rank)`
    /// for rank-stabilised adapters (Kalajdzievski, arXiv:2312.03732).
    public double scale(String module, long rank) {
        double alpha = alphas.find(module).orElse(number("lora_alpha").orElse(DEFAULT_ALPHA));
        boolean stabilised = json.path("use_rslora").asBoolean(false);
        return alpha / (stabilised ? Math.sqrt(rank) : rank);
    }

    /// Whether the weights are stored as `[in, out]`, so that the product must be transposed.
    public boolean fanInFanOut() {
        return json.path("fan_in_fan_out").asBoolean(false);
    }

    /// The file's content.
    public ObjectNode json() {
        return json.deepCopy();
    }

    private OptionalDouble number(String key) {
        JsonNode value = json.path(key);
        return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }
}
