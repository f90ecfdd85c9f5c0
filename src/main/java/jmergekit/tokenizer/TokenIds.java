package jmergekit.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Converts the token ids in config.json and generation_config.json to another vocabulary.
///
/// An id follows its token. If the new vocabulary lacks the token, the setting uses the token with
/// the same role there, as `eos_token` for `eos_token_id`; without one it becomes null.
public final class TokenIds {
    private static final Pattern SETTING =
            Pattern.compile(
                    ".+_token_(id|ids|index)|suppress_tokens|begin_suppress_tokens|bad_words_ids");

    private final Vocabulary from;
    private final OutputVocabulary to;
    private final Map<String, String> roles;

    /// A file with its new ids.
    ///
    /// @param lost the settings for which no token was found
    public record CarriedOver(ObjectNode file, Set<String> lost) {}

    /// @param from the vocabulary of the files' ids
    public TokenIds(Vocabulary from, OutputVocabulary to) {
        this.from = from;
        this.to = to;
        this.roles = to.source().roles();
    }

    /// A copy of a file with the new ids, including those in nested objects.
    public CarriedOver carriedOver(ObjectNode file) {
        CarriedOver copy = new CarriedOver(file.deepCopy(), new LinkedHashSet<>());
        carryOver(copy.file(), copy.lost());
        return copy;
    }

    private void carryOver(ObjectNode object, Set<String> lost) {
        for (String key : List.copyOf(object.propertyNames())) {
            JsonNode value = object.path(key);
            if (value instanceof ObjectNode part) {
                carryOver(part, lost);
            } else if (SETTING.matcher(key).matches()) {
                Optional<JsonNode> carried = value(key, value);
                object.set(key, carried.orElseGet(JsonNodeFactory.instance::nullNode));
                if (carried.isEmpty()) {
                    lost.add(key);
                }
            }
        }
    }

    private Optional<JsonNode> value(String key, JsonNode value) {
        if (value instanceof ArrayNode list) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            list.values().forEach(e -> element(key, e).ifPresent(kept::add));
            return kept.isEmpty() && !list.isEmpty() ? role(key) : Optional.of(kept);
        }
        return element(key, value).or(() -> role(key));
    }

    // A sequence of tokens is meaningless without one of them.
    private Optional<JsonNode> element(String key, JsonNode value) {
        if (value instanceof ArrayNode sequence) {
            List<Optional<JsonNode>> parts = new ArrayList<>();
            sequence.values().forEach(e -> parts.add(element(key, e)));
            if (parts.stream().anyMatch(Optional::isEmpty)) {
                return Optional.empty();
            }
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            parts.forEach(p -> copy.add(p.orElseThrow()));
            return Optional.of(copy);
        }
        if (!value.isInt() || value.intValue() < 0) {
            return Optional.of(value);
        }
        return from.token(value.intValue()).flatMap(this::node);
    }

    private Optional<JsonNode> role(String key) {
        String role = key.replaceFirst("_(id|ids|index)$", "");
        return Optional.ofNullable(roles.get(role)).flatMap(this::node);
    }

    private Optional<JsonNode> node(String token) {
        return to.vocabulary().id(token).stream()
                .mapToObj(id -> (JsonNode) JsonNodeFactory.instance.numberNode(id))
                .findFirst();
    }
}
