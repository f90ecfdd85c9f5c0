package jmergekit.moe;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.config.MixtureConfig;
import tools.jackson.databind.node.ObjectNode;

/// DeepSeek-MoE: routed experts, and at most one shared expert, which has no gate. Source:
/// <https://huggingface.co/deepseek-ai/deepseek-moe-16b-base>, whose code loads the output.
final class DeepseekFamily implements MixtureFamily {
    private static final String REMOTE = "deepseek-ai/deepseek-moe-16b-base--";

    @Override
    public String name() {
        return "deepseek";
    }

    @Override
    public Set<String> inputs() {
        return Set.of("LlamaForCausalLM");
    }

    @Override
    public Optional<String> refusal(MixtureConfig config) {
        return SharedExperts.atMostOneWithoutPrompts(config);
    }

    @Override
    public Pattern layerTensors() {
        return LayerTensors.and("self_attn\\.[qkvo]_proj\\.bias");
    }

    @Override
    public ExpertNames names() {
        return ExpertNames.inMlp(Optional.of("mlp.shared_experts."), Optional.empty());
    }

    @Override
    public void configure(ObjectNode config, MixtureSize size) {
        ConfigKeys.architecture(config, "DeepseekForCausalLM", "deepseek");
        ObjectNode code = config.putObject("auto_map");
        code.put("AutoConfig", REMOTE + "configuration_deepseek.DeepseekConfig");
        code.put("AutoModel", REMOTE + "modeling_deepseek.DeepseekModel");
        code.put("AutoModelForCausalLM", REMOTE + "modeling_deepseek.DeepseekForCausalLM");
        config.put("intermediate_size", size.width());
        config.put("moe_intermediate_size", size.width());
        config.put("n_routed_experts", size.experts());
        if (size.shared() > 0) {
            config.put("n_shared_experts", size.shared());
        } else {
            config.putNull("n_shared_experts");
        }
        config.put("num_experts_per_tok", size.perToken());
        config.put("first_k_dense_replace", 0);
        config.put("moe_layer_freq", 1);
        config.put("scoring_func", "softmax");
        config.put("norm_topk_prob", true);
    }
}
