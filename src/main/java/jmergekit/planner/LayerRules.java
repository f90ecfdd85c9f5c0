package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.planner.LayerRule.Form;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The rules by which configurations distinguish layers.
///
/// Source: the configurations of models in the Hugging Face format, and how transformers 5.18
/// interprets them.
final class LayerRules {
    private static final String TYPES = "layer_types";
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private static final Map<String, Integer> NONE = Map.of();
    private static final Set<String> NO_LISTS = Set.of();

    private static final Set<String> ATTENTION_LISTS = Set.of(TYPES, "layers_block_type");
    private static final Set<String> MLP_LISTS = Set.of("mlp_layer_types");

    private static final Map<String, Integer> WINDOWS =
            Map.of(
                    "gemma2",
                    2,
                    "vaultgemma",
                    2,
                    "gemma3_text",
                    6,
                    "gemma3n_text",
                    5,
                    "cohere2",
                    4,
                    "olmo3",
                    4,
                    "gpt_oss",
                    2,
                    "exaone4",
                    4);

    private static final Map<String, Integer> LINEAR =
            Map.of("qwen3_next", 4, "qwen3_5_text", 4, "qwen3_5_moe_text", 4);

    private static final Map<String, Integer> GLOBAL =
            Map.of("modernbert", 3, "modernbert-decoder", 3, "afmoe", 4);

    private static final Map<String, Integer> UNROTATED = Map.of("llama4_text", 4, "smollm3", 4);

    private static final List<LayerRule> ALL =
            List.of(
                    attention("sliding_window_pattern", Form.LAST_OF_EACH, WINDOWS, SLIDING),
                    attention(
                            "full_attention_interval",
                            Form.LAST_OF_EACH,
                            LINEAR,
                            "linear_attention"),
                    attention(
                            "global_attn_every_n_layers",
                            Form.FIRST_OR_LAST_OF_EACH,
                            GLOBAL,
                            SLIDING),
                    new LayerRule(
                            "max_window_layers",
                            Form.LEADING_BEFORE_WINDOWS,
                            NONE,
                            Set.of(TYPES),
                            words(TYPES, FULL, SLIDING, Set.of("qwen2", "qwen3", "qwen2_moe"))),
                    new LayerRule(
                            "no_rope_layer_interval",
                            Form.LAST_OF_EACH,
                            UNROTATED,
                            Set.of("no_rope_layers"),
                            Optional.of(
                                    new LayerRuleList.Zeros("no_rope_layers", UNROTATED.keySet()))),
                    new LayerRule(
                            "interleave_moe_layer_step",
                            Form.LAST_OF_EACH,
                            Map.of("llama4_text", 1),
                            NO_LISTS,
                            Optional.of(
                                    new LayerRuleList.Numbers(
                                            "moe_layers", Set.of("llama4_text")))),
                    new LayerRule(
                            "decoder_sparse_step",
                            Form.LAST_OF_EACH_UNLISTED,
                            NONE,
                            MLP_LISTS,
                            Optional.of(
                                    new LayerRuleList.Exceptions(
                                            "mlp_only_layers", "decoder_sparse_step"))),
                    new LayerRule(
                            "first_k_dense_replace",
                            Form.LEADING,
                            NONE,
                            MLP_LISTS,
                            words(
                                    "mlp_layer_types",
                                    "dense",
                                    "sparse",
                                    Set.of("glm4_moe_lite", "exaone_moe", "kimi_linear"))),
                    plain("num_dense_layers", Form.LEADING, NONE, MLP_LISTS),
                    plain("num_hash_layers", Form.LEADING, NONE, MLP_LISTS),
                    plain("moe_layer_start_index", Form.LEADING, NONE, MLP_LISTS),
                    plain("moe_layer_end_index", Form.UP_TO, NONE, MLP_LISTS),
                    plain("num_kv_shared_layers", Form.TRAILING, NONE, NO_LISTS),
                    plain(
                            "attn_layer_period",
                            Form.ATTENTION_OFFSET,
                            Map.of("jamba", 8),
                            ATTENTION_LISTS),
                    plain("expert_layer_period", Form.EXPERT_OFFSET, Map.of("jamba", 2), NO_LISTS),
                    plain("dense_attention_every_n_layers", Form.LAST_OF_EACH, NONE, NO_LISTS),
                    plain("layer_group_size", Form.LAST_OF_EACH, NONE, ATTENTION_LISTS),
                    plain("moe_layer_interval", Form.LAST_OF_EACH, NONE, MLP_LISTS),
                    plain("moe_layer_freq", Form.FIRST_OF_EACH, NONE, MLP_LISTS));

    /// Integers under such names are treated as periods too.
    private static final Pattern PERIOD =
            Pattern.compile("every|interval|period|_freq$|_step$|pattern$");

    private static final Pattern OF_LAYERS =
            Pattern.compile("layer|attn|attention|moe|expert|block|window");

    private LayerRules() {}

    /// The rules that may apply to a configuration's layers.
    ///
    /// @param layers the number of layers; a longer period has no effect
    static List<LayerRule> of(ObjectNode config, int layers) {
        List<LayerRule> rules = new ArrayList<>(ALL);
        for (Map.Entry<String, JsonNode> entry : config.properties()) {
            String key = entry.getKey();
            boolean period = PERIOD.matcher(key).find() && OF_LAYERS.matcher(key).find();
            boolean known = ALL.stream().anyMatch(r -> r.key().equals(key));
            JsonNode value = entry.getValue();
            if (period && !known && value.isIntegralNumber() && value.asInt(0) < layers) {
                rules.add(plain(key, Form.LAST_OF_EACH, NONE, ATTENTION_LISTS));
            }
        }
        return rules;
    }

    private static LayerRule attention(
            String key, Form form, Map<String, Integer> defaults, String others) {
        return new LayerRule(
                key,
                form,
                defaults,
                ATTENTION_LISTS,
                words(TYPES, FULL, others, defaults.keySet()));
    }

    private static LayerRule plain(
            String key, Form form, Map<String, Integer> defaults, Set<String> lists) {
        return new LayerRule(key, form, defaults, lists, Optional.empty());
    }

    private static Optional<LayerRuleList> words(
            String key, String special, String other, Set<String> modelTypes) {
        return Optional.of(new LayerRuleList.Words(key, special, other, modelTypes));
    }
}
