package jmergekit.evaluate;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the answer in a text: the first group of a regular expression where it first matches, or all
/// that matches there if it has no group or the group has no part in it. Spaces around the answer are
/// left out.
public record Extraction(Pattern pattern) {
    /// @throws java.util.regex.PatternSyntaxException if the text is no regular expression
    public static Extraction of(String regularExpression) {
        return new Extraction(Pattern.compile(regularExpression));
    }

    /// The answer in a text; empty if the expression is nowhere in it.
    Optional<String> from(String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            return Optional.empty();
        }
        String first = found.groupCount() > 0 ? found.group(1) : found.group();
        return Optional.of((first == null ? found.group() : first).strip());
    }

    /// Whether the answer in a text is the right one, which is what is found in the text that is to
    /// follow, or all of that if nothing is.
    boolean isRight(String right, String text) {
        String wanted = from(right).orElse(right.strip());
        return from(text).filter(wanted::equals).isPresent();
    }
}
