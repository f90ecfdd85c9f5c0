package jmergekit.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The last JSON object that a command printed. It begins a line, apart from spaces, and is not
/// nested in another object.
final class PrintedObject {
    /// Objects with deeper nesting are ignored.
    private static final int DEEPEST = 100;

    /// Maximum number of characters to examine: characters after an unclosed brace are examined
    /// repeatedly.
    private static final long MOST_STEPS = 1L << 28;

    private final String text;
    private long steps;

    private PrintedObject(String text) {
        this.text = text;
    }

    static Optional<JsonNode> last(String printed) {
        return new PrintedObject(printed).last();
    }

    private Optional<JsonNode> last() {
        Optional<JsonNode> last = Optional.empty();
        int start = next(0);
        while (start >= 0 && steps < MOST_STEPS) {
            int end = end(start);
            Optional<JsonNode> object = end < 0 ? Optional.empty() : parsed(start, end);
            if (object.isPresent()) {
                last = object;
            }
            start = next(object.isPresent() ? end : start + 1);
        }
        return last;
    }

    /// The next brace at the beginning of a line; -1 if there is none.
    private int next(int from) {
        int at = text.indexOf('{', from);
        while (at >= 0 && !beginsLine(at)) {
            at = text.indexOf('{', at + 1);
        }
        return at;
    }

    private boolean beginsLine(int at) {
        int before = at - 1;
        while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
            before--;
        }
        return before < 0 || text.charAt(before) == '\n' || text.charAt(before) == '\r';
    }

    /// The position after the brace that closes the one at `start`; -1 if there is none.
    private int end(int start) {
        int depth = 0;
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            steps++;
            if (quoted) {
                if (c == '\n') {
                    return -1;
                }
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            }
            if (depth == 0) {
                return i + 1;
            }
            if (depth > DEEPEST) {
                return -1;
            }
        }
        return -1;
    }

    private Optional<JsonNode> parsed(int start, int end) {
        try {
            byte[] bytes = text.substring(start, end).getBytes(StandardCharsets.UTF_8);
            return Optional.of(JsonTree.read(bytes));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
