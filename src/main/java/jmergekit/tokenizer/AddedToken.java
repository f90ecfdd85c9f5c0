package jmergekit.tokenizer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A token that is matched in text as a whole, in addition to the tokens of the tokenizer's model.
///
/// The flags are those of the Hugging Face `tokenizers` file format: whether the token matches only
/// as a whole word, absorbs the blanks to its left or right, is matched in normalised text, and is
/// special, so that it can be omitted when ids become text.
public record AddedToken(
        String content,
        int id,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    /// A token without any of the flags.
    public static AddedToken ordinary(String content, int id) {
        return new AddedToken(content, id, false, false, false, true, false);
    }

    /// A token that is matched in the text as written, not in normalised text.
    static AddedToken verbatim(String content, int id, boolean special) {
        return new AddedToken(content, id, false, false, false, false, special);
    }

    /// Reads an entry of `added_tokens` or `added_tokens_decoder`.
    static AddedToken of(JsonNode entry, String content, int id) {
        boolean special = entry.path("special").asBoolean(false);
        return new AddedToken(
                content,
                id,
                entry.path("single_word").asBoolean(false),
                entry.path("lstrip").asBoolean(false),
                entry.path("rstrip").asBoolean(false),
                entry.path("normalized").asBoolean(!special),
                special);
    }

    AddedToken withId(int other) {
        return new AddedToken(content, other, singleWord, lstrip, rstrip, normalized, special);
    }

    /// Adds the content and the flags, without the id.
    void describe(ObjectNode entry) {
        entry.put("content", content);
        entry.put("single_word", singleWord);
        entry.put("lstrip", lstrip);
        entry.put("rstrip", rstrip);
        entry.put("normalized", normalized);
        entry.put("special", special);
    }
}
