package jmergekit.moe;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.config.MixtureConfig;
import tools.jackson.databind.node.ObjectNode;

/// Mixtral: experts only, no biases. Source: <https://huggingface.co/docs/transformers/model_doc/mixtral>.
final class MixtralFamily implements MixtureFamily {
    private static final ExpertNames NAMES =
            new ExpertNames(
                    "block_sparse_moe.gate.weight",
                    "block_sparse_moe.experts.",
                    Map.of(MlpPart.GATE, "w1", MlpPart.UP, "w3", MlpPart.DOWN, "w2"),
                    Optional.empty(),
                    Optional.empty());

    @Override
    public String name() {
        return "mixtral";
    }

    @Override
    public Set<String> inputs() {
        return Set.of("LlamaForCausalLM", "MistralForCausalLM");
    }

    @Override
    public Optional<String> refusal(MixtureConfig config) {
        return SharedExperts.none(config);
    }

    @Override
    public Pattern layerTensors() {
        return LayerTensors.common();
    }

    @Override
    public ExpertNames names() {
        return NAMES;
    }

    @Override
    public void configure(ObjectNode config, MixtureSize size) {
        ConfigKeys.architecture(config, "MixtralForCausalLM", "mixtral");
        config.put("intermediate_size", size.width());
        config.put("num_local_experts", size.experts());
        config.put("num_experts_per_tok", size.perToken());
        config.put("output_router_logits", false);
        // The base model's value, since its attention is used; see
        // docs/divergences.md#sliding-window. The default differs between versions of the loader.
        ConfigKeys.putNullIfAbsent(config, "sliding_window");
    }
}
