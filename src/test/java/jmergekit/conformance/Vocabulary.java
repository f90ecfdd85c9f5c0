package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A tokenizer as its files describe it.
///
/// `ids` includes the added tokens, `added` holds their special flags, `special` the tokens by role
/// (such as `bos_token`). A merge is its two parts.
record Vocabulary(
        SortedMap<String, Integer> ids,
        List<List<String>> merges,
        SortedMap<String, Boolean> added,
        SortedMap<String, String> special,
        @Nullable String chatTemplate) {

    private static final List<String> ROLES =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "pad_token",
                    "sep_token",
                    "cls_token",
                    "mask_token");

    static Vocabulary read(Path folder) throws IOException {
        JsonNode tokenizer = Json.read(folder.resolve("tokenizer.json"));
        JsonNode config = Json.read(folder.resolve("tokenizer_config.json"));
        SortedMap<String, Integer> ids = ids(tokenizer.path("model").path("vocab"));
        SortedMap<String, Boolean> added = new TreeMap<>();
        for (JsonNode token : tokenizer.path("added_tokens").values()) {
            ids.put(token.path("content").asString(), token.path("id").asInt());
            added.put(token.path("content").asString(), token.path("special").asBoolean(false));
        }
        SortedMap<String, String> special = new TreeMap<>();
        for (String role : ROLES) {
            JsonNode token = config.path(role);
            JsonNode content = token.isObject() ? token.path("content") : token;
            if (content.isString()) {
                special.put(role, content.asString());
            }
        }
        List<List<String>> merges =
                tokenizer
                        .path("model")
                        .path("merges")
                        .valueStream()
                        .map(Vocabulary::merge)
                        .toList();
        return new Vocabulary(ids, merges, added, special, chatTemplate(folder, config));
    }

    private static SortedMap<String, Integer> ids(JsonNode vocab) {
        SortedMap<String, Integer> ids = new TreeMap<>();
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                ids.put(vocab.get(id).path(0).asString(), id);
            }
        } else {
            vocab.properties().forEach(e -> ids.put(e.getKey(), e.getValue().asInt()));
        }
        return ids;
    }

    private static List<String> merge(JsonNode merge) {
        return merge.isArray()
                ? merge.valueStream().map(JsonNode::asString).toList()
                : List.of(merge.asString().split(" ", 2));
    }

    private static @Nullable String chatTemplate(Path folder, JsonNode config) throws IOException {
        Path file = folder.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        return config.path("chat_template").isString()
                ? config.path("chat_template").asString()
                : null;
    }

    /// The tokens by id.
    ///
    /// @throws IllegalArgumentException if two tokens have one id
    SortedMap<Integer, String> tokens() {
        SortedMap<Integer, String> tokens = new TreeMap<>();
        ids.forEach((token, id) -> {
            String other = tokens.put(id, token);
            if (other != null) {
                throw new IllegalArgumentException(
                        "tokens '%s' and '%s' have the id %d".formatted(other, token, id));
            }
        });
        return tokens;
    }

    /// The special tokens of these roles only.
    Map<String, String> special(List<String> roles) {
        return special.entrySet().stream()
                .filter(entry -> roles.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
