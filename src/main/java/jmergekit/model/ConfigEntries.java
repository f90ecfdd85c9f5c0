package jmergekit.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.tensor.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What config.json calls things that all architectures have, and where it has them: at its top, or
/// in the part of the language model of a multimodal model.
///
/// [ModelConfig] reads them; here they are changed.
public final class ConfigEntries {
    /// Older and newer spelling of the same setting.
    static final List<String> DTYPES = List.of("torch_dtype", "dtype");

    static final String MODEL_TYPE = "model_type";
    public static final String VOCABULARY = "vocab_size";
    static final String TIED = "tie_word_embeddings";
    static final String QUANTISATION = "quantization_config";

    private static final List<String> TEXT_CONFIGS =
            List.of("text_config", "language_config", "llm_config");

    /// How the keys of parts of a model end.
    private static final String PART = "_config";

    private ConfigEntries() {}

    /// The object at a path of keys, if there is one; the configuration itself at an empty one.
    public static Optional<ObjectNode> level(ObjectNode config, List<String> path) {
        JsonNode node = config;
        for (String key : path) {
            node = node.path(key);
        }
        return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /// The settings of the language model, where they are apart from those of the whole.
    public static List<ObjectNode> textLevels(ObjectNode config) {
        return TEXT_CONFIGS.stream().flatMap(key -> level(config, List.of(key)).stream()).toList();
    }

    /// The type of model, in a configuration or a part of one; empty text if it does not say.
    public static String modelType(JsonNode level) {
        return level.path(MODEL_TYPE).asString("");
    }

    /// Sets the dtype under the key that the configuration has, and in those parts that name one.
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

    /// Sets the number of rows of the embeddings wherever the configuration says it.
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

    /// Says whether head and input embeddings are one matrix.
    ///
    /// If that changes, also in the language model's part even where it says nothing: some loaders
    /// read it only there, and its default is often true.
    public static void setTied(ObjectNode config, boolean tied) {
        JsonNode before = config.path(TIED);
        boolean changes = !before.isBoolean() || before.booleanValue() != tied;
        config.put(TIED, tied);
        textLevels(config).stream()
                .filter(t -> changes || t.has(TIED))
                .forEach(t -> t.put(TIED, tied));
    }

    /// Says how the weights are quantised.
    public static void setQuantisation(ObjectNode config, ObjectNode settings) {
        config.set(QUANTISATION, settings.deepCopy());
    }

    /// Takes out that the weights are quantised.
    public static void removeQuantisation(ObjectNode config) {
        config.remove(QUANTISATION);
        textLevels(config).forEach(t -> t.remove(QUANTISATION));
    }
}
