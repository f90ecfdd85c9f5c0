package jmergekit.recipes;

import java.util.regex.Pattern;
import jmergekit.config.YamlScalar;

/// Text as a YAML scalar that parses as a string.
final class YamlWord {
    // Text with a slash cannot be a number, date or keyword of YAML.
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z./~][A-Za-z0-9._~+@-]*/[A-Za-z0-9._~+@/-]*");

    private YamlWord() {}

    /// A path is written plain, anything else in quotes.
    static String of(String text) {
        return PLAIN.matcher(text).matches() ? text : YamlScalar.quoted(text);
    }
}
