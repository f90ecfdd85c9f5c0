package jmergekit.evaluate;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the answer in a text with a regular expression: the first group of the first match, or the
/// whole match if there is no group or it did not take part. Spaces around the answer are removed.
public record Extraction(Pattern pattern) {
    /// @throws java.util.regex.PatternSyntaxException if the text is not a regular expression
    public static Extraction of(String regularExpression) {
        return new Extraction(Pattern.compile(regularExpression));
    }

    /// The answer in a text; empty if the expression does not match.
    Optional<String> from(String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            return Optional.empty();
        }
        String first = found.groupCount() > 0 ? found.group(1) : found.group();
        return Optional.of((first == null ? found.group() : first).strip());
    }

    /// Whether the answer in a text is right: it must equal the answer in the expected text, or all
    /// of that text if it has none.
    boolean isRight(String right, String text) {
        String wanted = from(right).orElse(right.strip());
        return from(text).filter(wanted::equals).isPresent();
    }
}
