package jmergekit.statistics;

import java.util.Optional;

/// A text of the data.
///
/// @param text a whole text, or a prompt
/// @param continuation of a prompt; the text is expected to end after it
public record StatisticsText(String text, Optional<String> continuation) {
    String whole() {
        return text + continuation.orElse("");
    }

    /// The text itself, or its first characters if it is longer.
    StatisticsText cut(long characters) {
        String all = whole();
        if (all.length() <= characters) {
            return this;
        }
        int end = (int) characters;
        boolean splits = Character.isHighSurrogate(all.charAt(end - 1));
        return new StatisticsText(
                all.substring(0, splits ? end - 1 : end), continuation.map(_ -> ""));
    }
}
