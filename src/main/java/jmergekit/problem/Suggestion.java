package jmergekit.problem;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Finds the known name that a misspelt one probably stands for.
public final class Suggestion {
    private static final int MOST = 3;
    private static final int SHORTEST_WORD = 3;

    private Suggestion() {}

    /// The closest of `known`, if at most a third of its letters differ. Case and the choice of
    /// `-`, `_` or `.` are ignored.
    public static Optional<String> closest(String name, Collection<String> known) {
        return known.stream()
                .filter(k -> distance(name, k) <= Math.max(1, k.length() / 3))
                .min(
                        Comparator.comparingInt((String k) -> distance(name, k))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /// ` (did you mean 'weight'?)`, or an empty string if no known name is close. A name that
    /// consists of words of known names, such as `dare` of `dare_ties`, gets up to three
    /// suggestions.
    public static String didYouMean(String name, Collection<String> known) {
        List<String> meant =
                closest(name, known).map(List::of).orElseGet(() -> withWordsOf(name, known));
        return meant.isEmpty() || meant.size() > MOST
                ? ""
                : meant.stream().collect(joining("' or '", " (did you mean '", "'?)"));
    }

    private static List<String> withWordsOf(String name, Collection<String> known) {
        Set<String> words = words(name);
        return words.stream().anyMatch(w -> w.length() >= SHORTEST_WORD)
                ? known.stream().filter(k -> words(k).containsAll(words)).sorted().toList()
                : List.of();
    }

    private static Set<String> words(String name) {
        return Set.copyOf(Arrays.asList(fold(name).split("_+")));
    }

    // Optimal string alignment: swapped neighbours, a common typing error, count as one edit.
    private static int distance(String left, String right) {
        String a = fold(left);
        String b = fold(right);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    private static String fold(String name) {
        String cut = name.length() > 100 ? name.substring(0, 100) : name;
        return cut.toLowerCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }
}
