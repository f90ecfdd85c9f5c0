package jmergekit.moe;

import jmergekit.decoder.DecoderDefaults;
import tools.jackson.databind.node.ObjectNode;

/// Entries of config.json that several families share.
final class ConfigKeys {
    private ConfigKeys() {}

    /// Sets the architecture, after making the defaults of the dense one explicit.
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

    /// The common part of Qwen2-MoE and Qwen3-MoE: experts in every layer, with the weights of the
    /// chosen experts summing to one.
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
