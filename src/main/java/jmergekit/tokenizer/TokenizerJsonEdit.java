package jmergekit.tokenizer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Copies a `tokenizer.json` with another list of added tokens, and without removed tokens and the
/// merges that involve them. Everything else is copied unchanged, numbers digit by digit.
final class TokenizerJsonEdit {
    private final OutputVocabulary output;
    private final JsonParser in;
    private final JsonGenerator out;

    private TokenizerJsonEdit(OutputVocabulary output, JsonParser in, JsonGenerator out) {
        this.output = output;
        this.in = in;
        this.out = out;
    }

    /// Writes the file for a vocabulary; leaves `target` open.
    static void write(OutputVocabulary output, OutputStream target) throws IOException {
        ModelTokenizer source = output.source();
        try (InputStream file =
                        new BufferedInputStream(
                                Files.newInputStream(
                                        source.folder().resolve(source.format().fileName())));
                JsonParser in = TokenizerJsonFormat.parser(file)) {
            JsonGenerator out = TokenizerJsonFormat.generator(target);
            new TokenizerJsonEdit(output, in, out).copyFile();
            out.flush();
        } catch (JacksonException e) {
            throw new MergeException(
                    Problem.input(
                            source.label() + "/" + source.format().fileName(),
                            "cannot be rewritten: it is " + StrictJson.reason(e)),
                    e);
        }
    }

    private void copyFile() {
        in.nextToken();
        out.writeStartObject();
        boolean listed = false;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            out.writeName(key);
            in.nextToken();
            switch (key) {
                case "added_tokens" -> {
                    in.skipChildren();
                    writeAdded();
                    listed = true;
                }
                case "model" -> copyModel();
                default -> copyValue();
            }
        }
        if (!listed) {
            out.writeName("added_tokens");
            writeAdded();
        }
        out.writeEndObject();
    }

    private void writeAdded() {
        out.writeStartArray();
        for (AddedToken token : output.vocabulary().added()) {
            ObjectNode entry = JsonNodeFactory.instance.objectNode();
            entry.put("id", token.id());
            token.describe(entry);
            out.writeTree(entry);
        }
        out.writeEndArray();
    }

    private void copyModel() {
        if (output.removed().isEmpty() || in.currentToken() != JsonToken.START_OBJECT) {
            copyValue();
            return;
        }
        out.writeStartObject();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            out.writeName(key);
            JsonToken value = in.nextToken();
            if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
                copyVocabularyById();
            } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
                copyVocabularyInOrder();
            } else if (key.equals("merges") && value == JsonToken.START_ARRAY) {
                copyMerges();
            } else {
                copyValue();
            }
        }
        out.writeEndObject();
    }

    private void copyVocabularyById() {
        out.writeStartObject();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String token = in.currentName();
            in.nextToken();
            if (!output.removed().contains(token)) {
                out.writeName(token);
                copyValue();
            }
        }
        out.writeEndObject();
    }

    private void copyVocabularyInOrder() {
        out.writeStartArray();
        while (in.nextToken() == JsonToken.START_ARRAY) {
            in.nextToken();
            String token = in.getString();
            boolean kept = !output.removed().contains(token);
            if (kept) {
                out.writeStartArray();
                out.writeString(token);
            }
            while (in.nextToken() != JsonToken.END_ARRAY) {
                if (kept) {
                    copyValue();
                }
            }
            if (kept) {
                out.writeEndArray();
            }
        }
        out.writeEndArray();
    }

    /// A merge consists of two tokens: a list in newer files, text with a blank between them in
    /// older ones.
    private void copyMerges() {
        Set<String> gone = output.removed();
        out.writeStartArray();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            boolean list = in.currentToken() == JsonToken.START_ARRAY;
            List<String> pair = list ? pairOfList() : List.of(in.getString().split(" ", 2));
            if (pair.stream().anyMatch(gone::contains) || gone.contains(merged(pair))) {
                continue;
            }
            if (list) {
                out.writeStartArray();
                pair.forEach(out::writeString);
                out.writeEndArray();
            } else {
                out.writeString(String.join(" ", pair));
            }
        }
        out.writeEndArray();
    }

    private List<String> pairOfList() {
        List<String> pair = new ArrayList<>(2);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            pair.add(in.getString());
        }
        return pair;
    }

    private String merged(List<String> pair) {
        String prefix = output.source().continuingPrefix();
        String right = pair.getLast();
        return pair.getFirst()
                + (!prefix.isEmpty() && right.startsWith(prefix)
                        ? right.substring(prefix.length())
                        : right);
    }

    /// The parser's current value, with its whole content.
    private void copyValue() {
        int depth = 0;
        do {
            JsonToken token = in.currentToken();
            switch (token) {
                case START_OBJECT -> out.writeStartObject();
                case END_OBJECT -> out.writeEndObject();
                case START_ARRAY -> out.writeStartArray();
                case END_ARRAY -> out.writeEndArray();
                case PROPERTY_NAME -> out.writeName(in.currentName());
                case VALUE_STRING -> out.writeString(in.getString());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getString());
                case VALUE_TRUE -> out.writeBoolean(true);
                case VALUE_FALSE -> out.writeBoolean(false);
                default -> out.writeNull();
            }
            if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                depth--;
            }
            if (depth > 0) {
                in.nextToken();
            }
        } while (depth > 0);
    }
}
