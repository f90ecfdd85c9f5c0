package jmergekit.tokenizer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// The vocabulary in a `tokenizer.json`. Its merges and everything else are skipped: they can be
/// ten times as long.
///
/// Source: the file format of the Hugging Face `tokenizers` library, for its models BPE, Unigram,
/// WordPiece and WordLevel.
///
/// @param ids of the model's own tokens
/// @param added as listed, ids as listed
/// @param continuingPrefix the prefix of a token that continues a word, as `##`; often empty
record TokenizerJson(Map<String, Integer> ids, List<AddedToken> added, String continuingPrefix) {
    /// Larger than any known file, and small enough for its tokens to fit in memory.
    private static final long MAX_BYTES = 128L << 20;

    static TokenizerJson read(Path file, String where) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            if (Files.size(file) > MAX_BYTES) {
                throw refused(where, "too large for a tokenizer");
            }
            try (JsonParser json = TokenizerJsonFormat.parser(in)) {
                return new Reader(json, where).read();
            }
        } catch (JacksonException e) {
            throw new MergeException(Problem.input(where, StrictJson.reason(e)), e);
        } catch (IOException e) {
            throw new MergeException(Problem.input(where, "cannot be read: " + e.getMessage()), e);
        }
    }

    private static MergeException refused(String where, String what) {
        return new MergeException(Problem.input(where, what));
    }

    private static final class Reader {
        private final JsonParser json;
        private final String where;
        private final Map<String, Integer> ids = new HashMap<>();
        private final List<AddedToken> added = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private String continuingPrefix = "";

        Reader(JsonParser json, String where) {
            this.json = json;
            this.where = where;
        }

        TokenizerJson read() {
            expect(json.nextToken(), JsonToken.START_OBJECT, "the file is not a JSON object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                    once(key);
                    readAdded();
                } else if (key.equals("model") && value == JsonToken.START_OBJECT) {
                    once(key);
                    readModel();
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw refused(where, "content after the JSON object");
            }
            if (ids.isEmpty()) {
                throw refused(where, "no vocabulary in it (under 'model', 'vocab')");
            }
            return new TokenizerJson(ids, List.copyOf(added), continuingPrefix);
        }

        private void readAdded() {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                JsonNode entry = TokenizerJsonFormat.tree(json);
                if (!entry.path("content").isString() || !entry.path("id").isInt()) {
                    throw refused(where, "an added token without content or id");
                }
                String content = entry.path("content").stringValue();
                int id = checked(entry.path("id").intValue(), content);
                if (added.size() > Vocabulary.MAX_ID) {
                    throw refused(where, "more added tokens than there are ids");
                }
                added.add(AddedToken.of(entry, content, id));
            }
        }

        private void readModel() {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("vocab")) {
                    once(key);
                }
                if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
                    readVocabularyById();
                } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
                    readVocabularyInOrder();
                } else if (key.equals("merges") && value == JsonToken.START_ARRAY) {
                    skipMerges();
                } else if (key.equals("continuing_subword_prefix")
                        && value == JsonToken.VALUE_STRING) {
                    continuingPrefix = json.getString();
                } else {
                    json.skipChildren();
                }
            }
        }

        private void readVocabularyById() {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String token = json.currentName();
                expect(
                        json.nextToken(),
                        JsonToken.VALUE_NUMBER_INT,
                        "a token's id is not a number");
                put(token, json.getLongValue());
            }
        }

        // Unigram: a token's id is its position, and its score follows it.
        private void readVocabularyInOrder() {
            int id = 0;
            while (json.nextToken() == JsonToken.START_ARRAY) {
                expect(json.nextToken(), JsonToken.VALUE_STRING, "an entry without a token");
                put(json.getString(), id++);
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    json.skipChildren();
                }
            }
            expect(json.currentToken(), JsonToken.END_ARRAY, "an entry that is not a token");
        }

        // They are not kept, but must have the format that the writer expects.
        private void skipMerges() {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                JsonToken merge = json.currentToken();
                boolean pair =
                        merge == JsonToken.START_ARRAY
                                && json.nextToken() == JsonToken.VALUE_STRING
                                && json.nextToken() == JsonToken.VALUE_STRING
                                && json.nextToken() == JsonToken.END_ARRAY;
                if (!pair && merge != JsonToken.VALUE_STRING) {
                    throw refused(where, "a merge that is not two tokens");
                }
            }
        }

        private void once(String key) {
            if (!seen.add(key)) {
                throw refused(where, "'" + key + "' appears twice");
            }
        }

        private void put(String token, long id) {
            if (ids.put(token, checked(id, token)) != null) {
                throw refused(where, "token '" + token + "' is in the vocabulary twice");
            }
        }

        private int checked(long id, String token) {
            if (!StrictJson.isUnicode(token)) {
                throw refused(where, "token '" + token + "' is not valid Unicode");
            }
            if (id < 0 || id > Vocabulary.MAX_ID) {
                throw new MergeException(
                        Problem.input(where, "the id of token '" + token + "' is out of range")
                                .expected("0 to " + Vocabulary.MAX_ID)
                                .found(String.valueOf(id)));
            }
            return (int) id;
        }

        private void expect(JsonToken found, JsonToken expected, String otherwise) {
            if (found != expected) {
                throw refused(where, otherwise);
            }
        }
    }
}
