package jmergekit.recipes;

import java.util.regex.Pattern;
import jmergekit.config.YamlScalar;

/// Text as a YAML scalar that is read as text.
final class YamlWord {
    // With a slash it is no number, date or word of YAML's own.
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z./~][A-Za-z0-9._~+@-]*/[A-Za-z0-9._~+@/-]*");

    private YamlWord() {}

    /// A path as it is, anything else in quotes.
    static String of(String text) {
        return PLAIN.matcher(text).matches() ? text : YamlScalar.quoted(text);
    }
}
