package jmergekit.moe;

import java.util.Map;
import jmergekit.model.ConfigEntries;
import tools.jackson.databind.node.ObjectNode;

/// Entries of config.json that several families set.
final class ConfigKeys {
    /// What a loader of these dense models takes for a key that their config.json leaves out. The
    /// loader of a mixture has other defaults. Source: the configuration classes of transformers.
    private static final Map<String, Map<String, Integer>> DEFAULTS =
            Map.of(
                    "llama",
                    Map.of("max_position_embeddings", 2048),
                    "mistral",
                    Map.of("max_position_embeddings", 131_072, "num_key_value_heads", 8),
                    "qwen2",
                    Map.of("max_position_embeddings", 32_768, "num_key_value_heads", 32),
                    "qwen3",
                    Map.of(
                            "max_position_embeddings",
                            32_768,
                            "num_key_value_heads",
                            32,
                            "head_dim",
                            128));

    private static final double NORM_EPSILON = 1e-6;
    private static final double ROPE_THETA = 10_000;

    private ConfigKeys() {}

    /// Names the architecture, after spelling out the defaults of the dense one.
    static void architecture(ObjectNode config, String name, String type) {
        spellOutDefaults(config);
        config.putArray("architectures").add(name);
        config.put("model_type", type);
        config.remove("auto_map");
    }

    /// Adds what a loader of a dense model would take for the keys that are not there.
    static void spellOutDefaults(ObjectNode config) {
        DEFAULTS.getOrDefault(ConfigEntries.modelType(config), Map.of())
                .forEach((key, value) -> {
                    if (!config.hasNonNull(key)) {
                        config.put(key, value.intValue());
                    }
                });
        if (!config.hasNonNull("num_key_value_heads") && config.has("num_attention_heads")) {
            config.set("num_key_value_heads", config.get("num_attention_heads"));
        }
        if (!config.hasNonNull("rms_norm_eps")) {
            config.put("rms_norm_eps", NORM_EPSILON);
        }
        if (!config.hasNonNull("rope_theta") && !config.path("rope_parameters").has("rope_theta")) {
            config.put("rope_theta", ROPE_THETA);
        }
    }

    static void putNullIfAbsent(ObjectNode config, String key) {
        if (!config.has(key)) {
            config.putNull(key);
        }
    }

    /// What Qwen2-MoE and Qwen3-MoE have in common: experts in every layer, with weights that sum to
    /// one over those chosen.
    static void qwenExperts(ObjectNode config, MixtureSize size) {
        config.put("intermediate_size", size.width());
        config.put("moe_intermediate_size", size.width());
        config.put("num_experts", size.experts());
        config.put("num_experts_per_tok", size.perToken());
        config.put("decoder_sparse_step", 1);
        config.putArray("mlp_only_layers");
        config.put("norm_topk_prob", true);
        config.put("output_router_logits", false);
    }
}
