package jmergekit.model;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import jmergekit.tensor.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The config.json of a model: the settings with the same meaning in all architectures.
///
/// @param where the name of the file in messages
public record ModelConfig(String where, ObjectNode json) {
    /// The first of `architectures`, or for a checkpoint without that key its `model_type`.
    public String architecture() {
        JsonNode first = json.path("architectures").path(0);
        if (first.isString()) {
            return first.stringValue();
        }
        return modelType().orElse("unknown");
    }

    public Optional<String> modelType() {
        return text(ConfigEntries.MODEL_TYPE);
    }

    /// The type of the language model in a model with parts, if the file has it.
    public Optional<String> textModelType() {
        return ConfigEntries.textLevels(json).stream()
                .map(part -> part.path(ConfigEntries.MODEL_TYPE))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .findFirst();
    }

    /// The dtypes in the file, the older key first. Most files have one.
    public Stream<DType> dtypes() {
        return ConfigEntries.DTYPES.stream()
                .flatMap(key -> text(key).stream())
                .flatMap(name -> DType.ofTorch(name).stream());
    }

    /// Whether head and input embeddings are tied, according to the file; empty if the file leaves
    /// that to the architecture's default.
    public Optional<Boolean> tieWordEmbeddings() {
        return levels().map(level -> level.path(ConfigEntries.TIED))
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .findFirst();
    }

    /// The number of rows of the embeddings according to the file, or of the language model's if
    /// the model has parts.
    public OptionalLong vocabularySize() {
        return size(ConfigEntries.VOCABULARY);
    }

    /// How the weights are quantised; a missing node if the file has no such settings.
    public JsonNode quantisation() {
        JsonNode settings = json.path(ConfigEntries.QUANTISATION);
        return settings.isObject() ? settings : MissingNode.getInstance();
    }

    public Optional<String> text(String key) {
        JsonNode value = json.path(key);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /// The whole number at a path of keys.
    public OptionalLong number(String... path) {
        JsonNode value = json;
        for (String key : path) {
            value = value.path(key);
        }
        return isNumber(value) ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
    }

    /// A setting of the model, or if it has none of its language model; otherwise a missing node.
    public JsonNode setting(String key) {
        return levels().map(level -> level.path(key))
                .filter(value -> !value.isMissingNode())
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /// A whole number among the settings of the model, or else of its language model.
    public OptionalLong size(String key) {
        return levels().map(level -> level.path(key))
                .filter(ModelConfig::isNumber)
                .mapToLong(JsonNode::longValue)
                .findFirst();
    }

    private static boolean isNumber(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
    }

    /// The file's settings, then those of its language model.
    private Stream<ObjectNode> levels() {
        return Stream.concat(Stream.of(json), ConfigEntries.textLevels(json).stream());
    }
}
