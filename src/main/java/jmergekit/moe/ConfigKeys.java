package jmergekit.moe;

import jmergekit.decoder.DecoderDefaults;
import tools.jackson.databind.node.ObjectNode;

/// Entries of config.json that several families set.
final class ConfigKeys {
    private ConfigKeys() {}

    /// Names the architecture, after spelling out the defaults of the dense one.
    static void architecture(ObjectNode config, String name, String type) {
        DecoderDefaults.spellOut(config);
        config.putArray("architectures").add(name);
        config.put("model_type", type);
        config.remove("auto_map");
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
