package jmergekit.moe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.config.MixtureConfig;
import tools.jackson.databind.node.ObjectNode;

/// Qwen3-MoE: routed experts only, with norms of queries and keys. Source:
/// <https://huggingface.co/docs/transformers/model_doc/qwen3_moe>.
final class Qwen3MoeFamily implements MixtureFamily {
    @Override
    public String name() {
        return "qwen3";
    }

    @Override
    public List<String> otherNames() {
        return List.of("qwen3_moe");
    }

    @Override
    public Set<String> inputs() {
        return Set.of("Qwen3ForCausalLM");
    }

    @Override
    public Optional<String> refusal(MixtureConfig config) {
        return SharedExperts.none(config);
    }

    @Override
    public Pattern layerTensors() {
        return LayerTensors.and("self_attn\\.([qk]_norm\\.weight|[qkvo]_proj\\.bias)");
    }

    @Override
    public ExpertNames names() {
        return ExpertNames.inMlp(Optional.empty(), Optional.empty());
    }

    @Override
    public void configure(ObjectNode config, MixtureSize size) {
        ConfigKeys.architecture(config, "Qwen3MoeForCausalLM", "qwen3_moe");
        ConfigKeys.qwenExperts(config, size);
    }
}
