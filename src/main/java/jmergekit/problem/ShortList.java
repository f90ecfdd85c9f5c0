package jmergekit.problem;

import java.util.Collection;
import java.util.stream.Collectors;

/// Shortens a list in a message: `a, b and 3 more`.
public final class ShortList {
    private ShortList() {}

    /// @param most the maximum number shown
    public static String of(Collection<String> texts, int most) {
        return of(texts, most, ", ", " and %d more");
    }

    /// The same in quotes: `'a', 'b' and 3 more`.
    public static String quoted(Collection<String> texts, int most) {
        return of(texts.stream().map(text -> "'" + text + "'").toList(), most);
    }

    /// The same for fragments that may contain commas: `a; b; and 3 more like this`.
    public static String ofFragments(Collection<String> texts, int most) {
        return of(texts, most, "; ", "; and %d more like this");
    }

    private static String of(Collection<String> texts, int most, String between, String rest) {
        String shown = texts.stream().limit(most).collect(Collectors.joining(between));
        int more = texts.size() - most;
        return more > 0 ? shown + rest.formatted(more) : shown;
    }
}
