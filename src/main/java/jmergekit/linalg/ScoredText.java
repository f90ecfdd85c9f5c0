package jmergekit.linalg;

/// A text and the position from which its tokens are scored.
///
/// @param ids its tokens
/// @param from the first token that is scored, not the first of the text
public record ScoredText(int[] ids, int from) {
    public ScoredText {
        if (from < 1 || from >= ids.length) {
            throw new IllegalArgumentException(
                    "scoring starts at token %d of %d".formatted(from, ids.length));
        }
    }
}
