package jmergekit.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.tensor.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The keys in config.json for settings that all architectures have, and their place: at the top
/// level, or in the language model's part of a multimodal model.
///
/// [ModelConfig] reads them; this class changes them.
public final class ConfigEntries {
    /// Older and newer spelling of the same setting.
    static final List<String> DTYPES = List.of("torch_dtype", "dtype");

    static final String MODEL_TYPE = "model_type";
    public static final String VOCABULARY = "vocab_size";
    static final String TIED = "tie_word_embeddings";
    static final String QUANTISATION = "quantization_config";

    private static final List<String> TEXT_CONFIGS =
            List.of("text_config", "language_config", "llm_config");

    /// The suffix of the keys for parts of a model.
    private static final String PART = "_config";

    private ConfigEntries() {}

    /// The object at a path of keys, if it exists; the configuration itself for an empty path.
    public static Optional<ObjectNode> level(ObjectNode config, List<String> path) {
        JsonNode node = config;
        for (String key : path) {
            node = node.path(key);
        }
        return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /// The settings of the language model, if they are separate from those of the whole model.
    public static List<ObjectNode> textLevels(ObjectNode config) {
        return TEXT_CONFIGS.stream().flatMap(key -> level(config, List.of(key)).stream()).toList();
    }

    /// The model type in a configuration or a part of one; empty text if it is missing.
    public static String modelType(JsonNode level) {
        return level.path(MODEL_TYPE).asString("");
    }

    /// Sets the dtype under the key that the configuration has, and in the parts that have one.
    public static void setDType(ObjectNode config, DType dtype) {
        String name = dtype.torchName();
        List<String> present = DTYPES.stream().filter(config::has).toList();
        (present.isEmpty() ? DTYPES.subList(0, 1) : present).forEach(k -> config.put(k, name));
        setDTypeOfParts(config, name);
    }

    private static void setDTypeOfParts(ObjectNode level, String name) {
        for (Map.Entry<String, JsonNode> entry : level.properties()) {
            if (entry.getKey().endsWith(PART) && entry.getValue() instanceof ObjectNode part) {
                DTYPES.stream()
                        .filter(k -> part.path(k).isString())
                        .forEach(k -> part.put(k, name));
                setDTypeOfParts(part, name);
            }
        }
    }

    /// Sets the number of rows of the embeddings wherever the configuration contains it.
    public static void setVocabularySize(ObjectNode config, long size) {
        List<ObjectNode> texts = textLevels(config);
        List<ObjectNode> places =
                Stream.concat(Stream.of(config), texts.stream())
                        .filter(level -> level.has(VOCABULARY))
                        .toList();
        if (places.isEmpty()) {
            places = texts.isEmpty() ? List.of(config) : texts;
        }
        places.forEach(level -> level.put(VOCABULARY, size));
    }

    /// Sets whether head and input embeddings are tied.
    ///
    /// If that changes, it is also set in the language model's part, even if that had no such key:
    /// some loaders read it only there, and its default is often true.
    public static void setTied(ObjectNode config, boolean tied) {
        JsonNode before = config.path(TIED);
        boolean changes = !before.isBoolean() || before.booleanValue() != tied;
        config.put(TIED, tied);
        textLevels(config).stream()
                .filter(t -> changes || t.has(TIED))
                .forEach(t -> t.put(TIED, tied));
    }

    /// Sets how the weights are quantised.
    public static void setQuantisation(ObjectNode config, ObjectNode settings) {
        config.set(QUANTISATION, settings.deepCopy());
    }

    /// Removes the quantisation settings.
    public static void removeQuantisation(ObjectNode config) {
        config.remove(QUANTISATION);
        textLevels(config).forEach(t -> t.remove(QUANTISATION));
    }
}
