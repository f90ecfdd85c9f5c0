package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON as the corpus uses it.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static JsonNode read(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (JacksonException notJson) {
            throw new IOException(
                    file.getFileName() + ": not JSON: " + notJson.getOriginalMessage(), notJson);
        }
    }

    /// @throws IllegalArgumentException if the text is not JSON
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException(
                    "not JSON: " + notJson.getOriginalMessage(), notJson);
        }
    }

    /// Equality that takes 1 and 1.0 for the same number.
    static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.isObject() && b.isObject()) {
            return a.size() == b.size()
                    && a.propertyStream()
                            .allMatch(e ->
                                    b.has(e.getKey()) && same(e.getValue(), b.get(e.getKey())));
        }
        if (a.isArray() && b.isArray()) {
            boolean equal = a.size() == b.size();
            for (int i = 0; equal && i < a.size(); i++) {
                equal = same(a.get(i), b.get(i));
            }
            return equal;
        }
        return a.equals(b);
    }
}
