package jmergekit.output;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.ConfigChanges;
import jmergekit.plan.ConfigChanges.StackChange;
import jmergekit.plan.MergePlan;
import jmergekit.plan.TokenizerPlan;
import jmergekit.planner.StackLevels;
import jmergekit.planner.StackSettings;
import jmergekit.tensor.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The config.json of the output: the donor's with what the merge changed.
public final class OutputConfig {
    /// Older and newer spelling of the same setting.
    private static final List<String> DTYPE_KEYS = List.of("torch_dtype", "dtype");

    private static final String VOCABULARY = "vocab_size";
    private static final String QUANTISATION = "quantization_config";
    private static final String TIED = "tie_word_embeddings";

    private OutputConfig() {}

    /// A new object; the plan's stay as they are.
    public static ObjectNode json(MergePlan plan) {
        List<ObjectNode> configs =
                plan.models().stream().map(ModelFolder::config).map(c -> c.json()).toList();
        ObjectNode output = json(configs, plan.donor(), plan.configChanges());
        return plan.tokenizer()
                .flatMap(TokenizerPlan::merged)
                .map(merged -> merged.ids().carriedOver(output).file())
                .orElse(output);
    }

    /// @param configs the models' config.json files
    /// @param donor which of them the result starts from
    static ObjectNode json(List<ObjectNode> configs, int donor, ConfigChanges changes) {
        ObjectNode output = configs.get(donor).deepCopy();
        changes.dtype().ifPresent(d -> setDType(output, d));
        for (StackChange change : changes.stacks()) {
            setLayers(output, configs, donor, change);
        }
        changes.auxiliary()
                .forEach((key, n) ->
                        at(output, key.subList(0, key.size() - 1))
                                .ifPresent(level -> level.put(key.getLast(), n)));
        changes.vocabularySize().ifPresent(n -> setVocabulary(output, n));
        changes.tieWordEmbeddings().ifPresent(t -> setTied(output, t));
        if (changes.dequantised()) {
            output.remove(QUANTISATION);
            textConfigs(output).forEach(t -> t.remove(QUANTISATION));
        }
        return output;
    }

    private static void setDType(ObjectNode output, DType dtype) {
        String name = dtype.torchName();
        List<String> present = DTYPE_KEYS.stream().filter(output::has).toList();
        (present.isEmpty() ? DTYPE_KEYS.subList(0, 1) : present).forEach(k -> output.put(k, name));
        setNestedDType(output, name);
    }

    private static void setNestedDType(ObjectNode object, String name) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getKey().endsWith("_config") && entry.getValue() instanceof ObjectNode part) {
                DTYPE_KEYS.stream()
                        .filter(k -> part.path(k).isString())
                        .forEach(k -> part.put(k, name));
                setNestedDType(part, name);
            }
        }
    }

    private static void setLayers(
            ObjectNode output, List<ObjectNode> configs, int donor, StackChange change) {
        Optional<ObjectNode> level = StackLevels.own(output, change);
        if (level.isEmpty()) {
            return;
        }
        StackSettings settings =
                StackSettings.of(StackLevels.of(configs, change, donor), change, donor);
        int before = settings.layers(donor);
        settings.changed().forEach(level.get()::set);
        StackLevels.countKeys(level.get(), change, before)
                .forEach(k -> level.get().put(k, change.layers().size()));
    }

    private static Optional<ObjectNode> at(ObjectNode root, List<String> path) {
        JsonNode node = root;
        for (String key : path) {
            node = node.path(key);
        }
        return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    private static void setVocabulary(ObjectNode output, long size) {
        List<ObjectNode> texts = textConfigs(output);
        List<ObjectNode> places =
                Stream.concat(Stream.of(output), texts.stream())
                        .filter(level -> level.has(VOCABULARY))
                        .toList();
        if (places.isEmpty()) {
            places = texts.isEmpty() ? List.of(output) : texts;
        }
        places.forEach(level -> level.put(VOCABULARY, size));
    }

    // In the language model's own part even where the donor says nothing there, if the flag
    // changes:
    // some loaders read it only from that part, and its default is often true.
    private static void setTied(ObjectNode output, boolean tied) {
        JsonNode before = output.path(TIED);
        boolean changes = !before.isBoolean() || before.booleanValue() != tied;
        output.put(TIED, tied);
        textConfigs(output).stream()
                .filter(t -> changes || t.has(TIED))
                .forEach(t -> t.put(TIED, tied));
    }

    private static List<ObjectNode> textConfigs(ObjectNode output) {
        return ModelConfig.TEXT_CONFIGS.stream()
                .flatMap(k -> at(output, List.of(k)).stream())
                .toList();
    }
}
