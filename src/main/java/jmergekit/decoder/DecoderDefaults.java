package jmergekit.decoder;

import java.util.Map;
import jmergekit.model.ConfigEntries;
import tools.jackson.databind.node.ObjectNode;

/// Optional entries of config.json in dense decoders.
public final class DecoderDefaults {
    /// The values that a loader of these dense models uses for keys missing from config.json. The
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

    private DecoderDefaults() {}

    /// Adds the values that a loader of a dense model would use for missing keys.
    public static void spellOut(ObjectNode config) {
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
}
