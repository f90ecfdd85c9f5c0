package jmergekit.recipes;

import java.util.regex.Pattern;

/// Text as a YAML scalar that is read as text.
final class YamlWord {
    // With a slash it is no number, date or word of YAML's own.
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z./~][A-Za-z0-9._~+@-]*/[A-Za-z0-9._~+@/-]*");

    private YamlWord() {}

    /// A path as it is, anything else in quotes.
    static String of(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    if (c == '"' || c == '\\') {
                        quoted.append('\\').appendCodePoint(c);
                    } else if (isPrintable(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append("\\U%08x".formatted(c));
                    }
                });
        return quoted.append('"').toString();
    }

    private static boolean isPrintable(int c) {
        return !Character.isISOControl(c)
                && Character.isDefined(c)
                && Character.getType(c) != Character.LINE_SEPARATOR
                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR
                && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.SURROGATE;
    }
}
