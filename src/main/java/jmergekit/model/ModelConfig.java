package jmergekit.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The config.json of a model.
///
/// @param where how messages call the file
public record ModelConfig(String where, ObjectNode json) {
    /// What models that also see or hear call the configuration of their language model.
    public static final List<String> TEXT_CONFIGS =
            List.of("text_config", "language_config", "llm_config");

    /// The first of `architectures`, or of a checkpoint without that key its `model_type`.
    public String architecture() {
        JsonNode first = json.path("architectures").path(0);
        if (first.isString()) {
            return first.stringValue();
        }
        return modelType().orElse("unknown");
    }

    public Optional<String> modelType() {
        return text("model_type");
    }

    /// Whether the output head shares the input embeddings' matrix, as the file says it; absent where
    /// it leaves that to the architecture's default.
    public Optional<Boolean> tieWordEmbeddings() {
        Stream<JsonNode> levels =
                Stream.concat(Stream.of(json), TEXT_CONFIGS.stream().map(json::path));
        return levels.map(l -> l.path("tie_word_embeddings"))
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .findFirst();
    }

    /// How many rows the embeddings have, as the file says it, of the language model if it has parts.
    public OptionalLong vocabularySize() {
        return Stream.concat(
                        Stream.of(number("vocab_size")),
                        TEXT_CONFIGS.stream().map(part -> number(part, "vocab_size")))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
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
        return value.isIntegralNumber() && value.canConvertToLong()
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }
}
