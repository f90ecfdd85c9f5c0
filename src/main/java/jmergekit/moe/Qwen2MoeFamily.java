package jmergekit.moe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.config.MixtureConfig;
import tools.jackson.databind.node.ObjectNode;

/// Qwen2-MoE: routed experts, and exactly one shared expert, which has its own gate. Source:
/// <https://huggingface.co/docs/transformers/model_doc/qwen2_moe>.
final class Qwen2MoeFamily implements MixtureFamily {
    @Override
    public String name() {
        return "qwen";
    }

    @Override
    public List<String> otherNames() {
        return List.of("qwen2", "qwen2_moe");
    }

    @Override
    public Set<String> inputs() {
        return Set.of("Qwen2ForCausalLM", "LlamaForCausalLM", "MistralForCausalLM");
    }

    @Override
    public Optional<String> refusal(MixtureConfig config) {
        return SharedExperts.exactlyOneWithPrompts(config);
    }

    @Override
    public Pattern layerTensors() {
        return LayerTensors.and("self_attn\\.[qkv]_proj\\.bias");
    }

    @Override
    public List<String> requiredBiases() {
        return List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
    }

    @Override
    public ExpertNames names() {
        return ExpertNames.inMlp(
                Optional.of("mlp.shared_expert."), Optional.of("mlp.shared_expert_gate.weight"));
    }

    @Override
    public void configure(ObjectNode config, MixtureSize size) {
        ConfigKeys.architecture(config, "Qwen2MoeForCausalLM", "qwen2_moe");
        ConfigKeys.qwenExperts(config, size);
        config.put("shared_expert_intermediate_size", size.sharedWidth());
        config.put("qkv_bias", true);
    }
}
