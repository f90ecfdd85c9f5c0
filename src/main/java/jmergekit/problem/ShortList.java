package jmergekit.problem;

import java.util.Collection;
import java.util.stream.Collectors;

/// The first few of many things in a message: `a, b and 3 more`.
public final class ShortList {
    private ShortList() {}

    /// @param most how many are shown
    public static String of(Collection<String> texts, int most) {
        String shown = texts.stream().limit(most).collect(Collectors.joining(", "));
        int more = texts.size() - most;
        return more > 0 ? "%s and %d more".formatted(shown, more) : shown;
    }

    /// The same in quotes: `'a', 'b' and 3 more`.
    public static String quoted(Collection<String> texts, int most) {
        return of(texts.stream().map(text -> "'" + text + "'").toList(), most);
    }
}
