package jmergekit.lora;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.model.AdapterSettings;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The adapter_config.json of a merged adapter. The scale of each product is 1, since the factors
/// include the scales of the inputs.
final class MergedSettings {
    private static final String A = ".lora_A.weight";
    private static final String LOOKUP_A = ".lora_embedding_A";
    private static final String BIAS = ".lora_B.bias";

    /// Settings about the model, which must be the same in all adapters.
    private static final List<String> SAME =
            List.of("base_model_name_or_path", "fan_in_fan_out", "task_type", "bias");

    private final List<AdapterInput> inputs;
    private final Map<String, Long> ranks = new LinkedHashMap<>();
    private final boolean biases;
    private final Set<String> whole = new LinkedHashSet<>();
    private final Problems problems;

    MergedSettings(List<AdapterInput> inputs, List<TensorTask> tensors, Problems problems) {
        this.inputs = inputs;
        this.problems = problems;
        for (TensorTask tensor : tensors) {
            String name = tensor.output().name().substring(MergedTensors.PREFIX.length());
            Stream.of(A, LOOKUP_A)
                    .filter(name::endsWith)
                    .forEach(e ->
                            ranks.put(
                                    name.substring(0, name.length() - e.length()),
                                    tensor.output().shape().size(0)));
            if (isOfSavedModule(name)) {
                whole.add(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
            }
        }
        this.biases = tensors.stream().anyMatch(t -> t.output().name().endsWith(BIAS));
    }

    // If 'bias' is set, biases are trained in modules that are otherwise not saved.
    private boolean isOfSavedModule(String name) {
        boolean trainedBias =
                name.endsWith(".bias")
                        && !settings(0).json().path("bias").asString("none").equals("none");
        return !name.contains(".lora_") && !name.contains(".base_layer.") && !trainedBias;
    }

    ObjectNode json() {
        warnOfDifferences();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode first = settings(0).json();
        json.put("base_model_name_or_path", first.path("base_model_name_or_path").asString(null));
        json.put("bias", first.path("bias").asString("none"));
        json.put("fan_in_fan_out", settings(0).fanInFanOut());
        json.put("inference_mode", true);
        ranks(json);
        if (biases) {
            json.put("lora_bias", true);
        }
        json.put("lora_dropout", 0.0);
        modules(json, "modules_to_save", whole);
        json.put("peft_type", "LORA");
        modules(json, "target_modules", ranks.keySet());
        json.put("task_type", first.path("task_type").asString(null));
        json.put("use_rslora", false);
        return json;
    }

    private AdapterSettings settings(int input) {
        return inputs.get(input).adapter().settings();
    }

    private void ranks(ObjectNode json) {
        long rank = ranks.values().stream().mapToLong(r -> r).max().orElse(1);
        json.put("lora_alpha", rank);
        json.put("r", rank);
        ObjectNode alphaPattern = json.putObject("alpha_pattern");
        ObjectNode rankPattern = json.putObject("rank_pattern");
        ranks.forEach((module, own) -> {
            if (own != rank) {
                alphaPattern.put(module, own);
                rankPattern.put(module, own);
            }
        });
    }

    // Short names from the adapters, if these state the full list of modules; a short name might
    // also match modules that no adapter changes.
    private void modules(ObjectNode json, String key, Set<String> found) {
        Set<String> names = new LinkedHashSet<>();
        boolean plain = true;
        for (AdapterInput input : inputs) {
            ObjectNode own = input.adapter().settings().json();
            plain &= isPlain(own, key);
            own.path(key).forEach(n -> names.add(n.asString("")));
        }
        Set<String> written = plain && covers(names, found) ? names : found;
        json.putNull(key);
        if (!written.isEmpty()) {
            written.forEach(json.putArray(key)::add);
        }
    }

    private static boolean isPlain(ObjectNode own, String key) {
        boolean unrestricted =
                Stream.of("layers_to_transform", "exclude_modules")
                        .allMatch(k -> own.path(k).isNull() || own.path(k).isMissingNode());
        return unrestricted && (own.path(key).isArray() || !own.hasNonNull(key));
    }

    private static boolean covers(Set<String> names, Set<String> modules) {
        return modules.stream()
                .allMatch(m -> names.stream().anyMatch(n -> m.equals(n) || m.endsWith("." + n)));
    }

    private void warnOfDifferences() {
        for (String key : SAME) {
            JsonNode kept = settings(0).json().path(key);
            for (AdapterInput input : inputs) {
                JsonNode value = input.adapter().settings().json().path(key);
                if (!value.equals(kept) && !value.isMissingNode() && !kept.isMissingNode()) {
                    Problem problem =
                            Problem.input(
                                            input.label(),
                                            "'%s' differs between adapters".formatted(key))
                                    .expected(kept + " as in '" + inputs.getFirst().label() + "'")
                                    .found(value.toString());
                    // The orientation of the products must agree.
                    problems.add(key.equals("fan_in_fan_out") ? problem : problem.asWarning());
                }
            }
        }
    }
}
