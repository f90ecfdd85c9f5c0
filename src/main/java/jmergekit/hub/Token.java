package jmergekit.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/// An access token of the hub. It never appears in a message.
record Token(String value) {
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,2000}");

    /// Strips blanks and line breaks; empty if nothing is left.
    ///
    /// @throws IllegalArgumentException if it cannot be sent in a header
    static Optional<Token> of(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return Optional.empty();
        }
        if (!FORM.matcher(stripped).matches()) {
            throw new IllegalArgumentException("not an access token");
        }
        return Optional.of(new Token(stripped));
    }

    String header() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
