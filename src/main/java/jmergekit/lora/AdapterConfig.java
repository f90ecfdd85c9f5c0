package jmergekit.lora;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.model.ModelConfig;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The adapter_config.json of an extracted adapter.
///
/// Source: PEFT's `LoraConfig`, <https://huggingface.co/docs/peft/package_reference/lora>.
public final class AdapterConfig {
    private final ExtractionResult result;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    private AdapterConfig(ExtractionResult result) {
        this.result = result;
    }

    public static ObjectNode json(ExtractionResult result) {
        AdapterConfig config = new AdapterConfig(result);
        config.fill();
        return config.json;
    }

    private void fill() {
        ExtractionPlan plan = result.plan();
        json.put("base_model_name_or_path", plan.base().reference().path());
        plan.base().reference().revision().ifPresent(r -> json.put("revision", r));
        json.put("peft_type", "LORA");
        taskType(plan.model().config(), plan.model().architecture())
                .ifPresentOrElse(t -> json.put("task_type", t), () -> json.putNull("task_type"));
        ranks();
        json.put("lora_dropout", 0.0);
        json.put("use_rslora", false);
        json.put("fan_in_fan_out", result.transposed());
        json.put("bias", result.keepsBiases() ? "all" : "none");
        modules();
        if (result.biases()) {
            json.put("lora_bias", true);
        }
        // PEFT ties an encoder's embeddings to the decoder's head, which is not an embedding table.
        if (plan.tied() && !isEncoderDecoder(plan.base().config())) {
            json.put("ensure_weight_tying", true);
        }
        json.put("inference_mode", true);
    }

    // The scale, alpha / r, is 1 for each module.
    private void ranks() {
        json.put("r", result.rank());
        json.put("lora_alpha", result.rank());
        ObjectNode ranks = json.putObject("rank_pattern");
        ObjectNode alphas = json.putObject("alpha_pattern");
        for (ModuleResult module : result.ofModules()) {
            if (module.rank() != result.rank()) {
                ranks.put(module.module(), module.rank());
                alphas.put(module.module(), module.rank());
            }
        }
        result.experts()
                .ranks()
                .forEach((name, rank) -> {
                    if (rank != result.rank()) {
                        ranks.put(name, rank);
                        alphas.put(name, rank);
                    }
                });
    }

    private void modules() {
        List<String> factors = result.ofModules().stream().map(ModuleResult::module).toList();
        TargetNames names = new TargetNames(result.plan().modules(), factors);
        names.targets(spare(factors)).forEach(json.putArray("target_modules")::add);
        if (!result.experts().targets().isEmpty()) {
            result.experts().targets().forEach(json.putArray("target_parameters")::add);
        }
        names.saved(result.whole()).forEach(json.putArray("modules_to_save")::add);
    }

    private Set<String> spare(List<String> factors) {
        Set<String> spare = new HashSet<>(result.plan().leftOut());
        result.plan().decomposed().forEach(m -> spare.add(m.module()));
        factors.forEach(spare::remove);
        return spare;
    }

    private static boolean isEncoderDecoder(ModelConfig config) {
        return config.json().path("is_encoder_decoder").asBoolean(false);
    }

    private static Optional<String> taskType(ModelConfig config, String architecture) {
        // PEFT 0.21 cannot load SEQ_2_SEQ_LM with transformers 5.
        if (isEncoderDecoder(config)) {
            return Optional.empty();
        }
        // For classifiers PEFT would save the full head automatically, under names that it guesses;
        // here the head is a module like any other.
        boolean causal =
                architecture.endsWith("ForCausalLM")
                        || architecture.endsWith("LMHeadModel")
                        || architecture.endsWith("ForConditionalGeneration");
        return causal ? Optional.of("CAUSAL_LM") : Optional.empty();
    }
}
