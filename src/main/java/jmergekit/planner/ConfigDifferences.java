package jmergekit.planner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import tools.jackson.databind.JsonNode;

/// Warns where the models' config.json files disagree about how the weights are used. The output
/// gets the file of one model, regardless of the settings of the others.
final class ConfigDifferences {
    private static final List<String> KEYS =
            List.of(
                    "num_attention_heads",
                    "num_key_value_heads",
                    "head_dim",
                    "rope_theta",
                    "rope_scaling",
                    "rope_parameters",
                    "partial_rotary_factor",
                    "max_position_embeddings",
                    "n_positions",
                    "rms_norm_eps",
                    "layer_norm_eps",
                    "layer_norm_epsilon",
                    "norm_epsilon",
                    "norm_eps",
                    "hidden_act",
                    "hidden_activation",
                    "activation_function",
                    "sliding_window",
                    "use_sliding_window",
                    "layer_types",
                    "attn_logit_softcapping",
                    "final_logit_softcapping",
                    "query_pre_attn_scalar",
                    "logit_scale",
                    "embedding_multiplier",
                    "residual_multiplier",
                    "attention_multiplier",
                    "logits_scaling",
                    "num_experts_per_tok",
                    "norm_topk_prob");

    /// Keys whose absence means the same as null.
    private static final List<String> NULLABLE = List.of("rope_scaling", "sliding_window");

    private static final int SHOWN = 60;

    private final List<ModelFolder> models;

    /// @param models the model whose config.json the output gets comes first
    ConfigDifferences(List<ModelFolder> models) {
        this.models = models;
    }

    /// Adds one warning for each setting.
    void report(Problems problems) {
        for (String key : KEYS) {
            JsonNode kept = value(models.getFirst(), key);
            Map<ModelFolder, JsonNode> others = new LinkedHashMap<>();
            for (ModelFolder model : models) {
                JsonNode value = value(model, key);
                if (differ(key, kept, value)) {
                    others.put(model, value);
                }
            }
            if (!others.isEmpty()) {
                problems.add(warning(key, kept, others));
            }
        }
    }

    private Problem warning(String key, JsonNode kept, Map<ModelFolder, JsonNode> others) {
        String found =
                others.entrySet().stream()
                        .map(e -> text(e.getValue()) + " in '" + e.getKey().reference() + "'")
                        .collect(Collectors.joining(", "));
        return Problem.input(
                        models.getFirst().reference().toString(),
                        "the models differ in '%s'; the output keeps this one's, %s"
                                .formatted(key, text(kept)))
                .found(found)
                .asWarning();
    }

    private static JsonNode value(ModelFolder model, String key) {
        return model.config().setting(key);
    }

    private static boolean differ(String key, JsonNode a, JsonNode b) {
        boolean bothGiven = !a.isMissingNode() && !b.isMissingNode();
        if (!bothGiven && !NULLABLE.contains(key)) {
            return false;
        }
        return !same(a, b);
    }

    // 10000 and 10000.0 are the same.
    private static boolean same(JsonNode a, JsonNode b) {
        return isNothing(a) ? isNothing(b) : a.equals(ConfigDifferences::order, b);
    }

    private static int order(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? Double.compare(a.doubleValue(), b.doubleValue())
                : a.equals(b) ? 0 : 1;
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    private static String text(JsonNode value) {
        String text = isNothing(value) ? "null" : value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
