package jmergekit.weights;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// Rewords a parser's message about invalid JSON for users who do not know the parser: removes its
/// classes, its settings and unknown locations.
final class JsonFault {
    /// Words of the parser, and their replacement.
    private record Words(Pattern pattern, String replacement) {
        static Words of(String regex, String replacement) {
            return new Words(Pattern.compile(regex, Pattern.DOTALL), replacement);
        }

        String replacedIn(String text) {
            return pattern.matcher(text).replaceAll(replacement);
        }
    }

    private static final List<Words> WORDS =
            List.of(
                    Words.of("\\s*\\(start marker at \\[Source: [^\\]]*\\]\\)", ""),
                    Words.of("\\s*\\[Source: [^\\]]*\\]", ""),
                    Words.of(", from `StreamReadConstraints[^`]*`", ""),
                    Words.of("Non-standard token '([^']*)'.*", "'$1' is not a value"),
                    Words.of(
                            "Trailing token.*|Trailing `?JsonToken.*",
                            "it has content after its JSON value"),
                    Words.of(
                            "(?:Broken|Unexpected low) surrogate.* in property name.*",
                            "a key is not valid Unicode"),
                    Words.of("\\s*\\(not recognized as one since [^)]*\\)", ""),
                    Words.of(
                            "Unexpected end-of-input: expected close marker for (\\w+)",
                            "it ends inside an $1"),
                    Words.of("\\s*\\(for `?[^)]*`?\\)", ""),
                    Words.of("\\(CTRL-CHAR, code (\\d+)\\)", "control character $1"),
                    Words.of("Unexpected end-of-input", "it ends too early"),
                    Words.of(": (?:enable|not allowed as per) `[^`]*`.*", ""),
                    Words.of("`(?:\\w+\\.)*(\\w+)(?:\\(\\))?`", "$1"));

    private JsonFault() {}

    static String text(JacksonException e) {
        String text = String.valueOf(e.getOriginalMessage());
        for (Words words : WORDS) {
            text = words.replacedIn(text);
        }
        return text.strip();
    }
}
