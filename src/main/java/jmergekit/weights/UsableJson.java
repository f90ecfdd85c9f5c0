package jmergekit.weights;

import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.SerializableString;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;

/// A parser that stops at a value which is valid JSON and of use to nobody: a number beyond the range
/// of a double, text that UTF-8 cannot hold, or one value more than are allowed. What it passes on,
/// `JsonNode.doubleValue` and any writer can take.
final class UsableJson extends JsonParserDelegate {
    /// No number of fewer digits leaves the range of a double, if it has no exponent.
    private static final int SHORT = 300;

    /// As Python writes and reads them.
    private static final Set<String> NOT_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

    private static final int LONGEST_SHOWN = 40;

    /// Thrown at such a value; the message says which.
    static final class UnusableValueException extends StreamReadException {
        private static final long serialVersionUID = 1L;

        UnusableValueException(JsonParser parser, String message) {
            super(parser, message);
        }
    }

    private final long most;
    private long values;

    /// @param most how many values are passed on
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
                // Nothing can be wrong with the others.
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
        // Without making a string of each text: a tokenizer has half a million.
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
