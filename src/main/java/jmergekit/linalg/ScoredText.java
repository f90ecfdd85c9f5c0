package jmergekit.linalg;

/// A text whose tokens are scored from one on.
///
/// @param ids its tokens
/// @param from the first that is scored, not the first of the text
public record ScoredText(int[] ids, int from) {
    public ScoredText {
        if (from < 1 || from >= ids.length) {
            throw new IllegalArgumentException(
                    "%d of %d tokens are given".formatted(from, ids.length));
        }
    }
}
