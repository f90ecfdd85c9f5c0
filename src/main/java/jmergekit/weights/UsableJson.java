package jmergekit.weights;

import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.SerializableString;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;

/// A parser that rejects values that are valid JSON but unusable: numbers beyond the range of a
/// double, text that cannot be encoded in UTF-8, and more values than allowed.
/// `JsonNode.doubleValue` and any writer can handle the values that it passes on.
final class UsableJson extends JsonParserDelegate {
    /// A number with fewer digits and no exponent fits in a double.
    private static final int SHORT = 300;

    /// As Python writes and reads them.
    private static final Set<String> NOT_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

    private static final int LONGEST_SHOWN = 40;

    /// Thrown for an unusable value; the message describes it.
    static final class UnusableValueException extends StreamReadException {
        private static final long serialVersionUID = 1L;

        UnusableValueException(JsonParser parser, String message) {
            super(parser, message);
        }
    }

    private final long most;
    private long values;

    /// @param most the number of values that are allowed
    UsableJson(JsonParser parser, long most) {
        super(parser);
        this.most = most;
    }

    @Override
    public JsonToken nextToken() {
        JsonToken token = delegate.nextToken();
        if (token == null) {
            return token;
        }
        if (token != JsonToken.PROPERTY_NAME && !token.isStructEnd() && ++values > most) {
            throw unusable("it has more than %d values".formatted(most));
        }
        switch (token) {
            case PROPERTY_NAME -> checkName();
            case VALUE_STRING -> checkText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> checkNumber();
            default -> {
                // The other tokens are always usable.
            }
        }
        return token;
    }

    private void checkName() {
        if (!StrictJson.isUnicode(delegate.currentName())) {
            throw unusable("the key '%s' is not valid Unicode".formatted(delegate.currentName()));
        }
    }

    private void checkText() {
        // Avoids a string for each text: a tokenizer has half a million.
        char[] all = delegate.getStringCharacters();
        int end = delegate.getStringOffset() + delegate.getStringLength();
        for (int i = delegate.getStringOffset(); i < end; i++) {
            if (Character.isSurrogate(all[i])) {
                if (!StrictJson.isUnicode(delegate.getString())) {
                    throw unusable("%s is not valid Unicode".formatted(place("the text")));
                }
                return;
            }
        }
    }

    private void checkNumber() {
        int length = delegate.getStringLength();
        if (length <= SHORT && delegate.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return;
        }
        String text = delegate.getString();
        boolean usable =
                delegate.isNaN() ? NOT_NUMBERS.contains(text) : length <= SHORT * 3 && fits(text);
        if (!usable) {
            String shown =
                    text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
            throw unusable(
                    "%s is beyond the range of a 64-bit float: %s"
                            .formatted(place("the number"), shown));
        }
    }

    private static boolean fits(String text) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) && (value != 0 || isZero(text));
    }

    private static boolean isZero(String text) {
        return text.chars()
                .takeWhile(c -> c != 'e' && c != 'E')
                .noneMatch(c -> c >= '1' && c <= '9');
    }

    private String place(String what) {
        String pointer = delegate.streamReadContext().pathAsPointer().toString();
        return pointer.isEmpty()
                ? what
                : "%s at '%s'".formatted(what, pointer.substring(1).replace('/', '.'));
    }

    private UnusableValueException unusable(String message) {
        return new UnusableValueException(delegate, message);
    }

    @Override
    public JsonToken nextValue() {
        JsonToken token = nextToken();
        return token == JsonToken.PROPERTY_NAME ? nextToken() : token;
    }

    @Override
    public String nextName() {
        return nextToken() == JsonToken.PROPERTY_NAME ? currentName() : null;
    }

    @Override
    public boolean nextName(SerializableString name) {
        return name.getValue().equals(nextName());
    }

    @Override
    public int nextNameMatch(PropertyNameMatcher matcher) {
        return switch (nextToken()) {
            case PROPERTY_NAME -> matcher.matchName(currentName());
            case END_OBJECT -> PropertyNameMatcher.MATCH_END_OBJECT;
            case null, default -> PropertyNameMatcher.MATCH_ODD_TOKEN;
        };
    }

    @Override
    public JsonParser skipChildren() {
        int depth = 0;
        for (JsonToken token = currentToken(); token != null; token = nextToken()) {
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth <= 0) {
                break;
            }
        }
        return this;
    }
}
