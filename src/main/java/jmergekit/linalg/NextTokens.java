package jmergekit.linalg;

import java.util.Arrays;

/// A model's predictions for tokens, each based on the tokens before it.
///
/// @param logProbabilities of the actual tokens, as natural logarithms
/// @param best the most probable token at each position; [#NONE] if a probability is not a number
public record NextTokens(double[] logProbabilities, int[] best) {
    public static final int NONE = -1;

    NextTokens part(int from, int end) {
        return new NextTokens(
                Arrays.copyOfRange(logProbabilities, from, end),
                Arrays.copyOfRange(best, from, end));
    }

    /// The total log-probability.
    public double sum() {
        return Arrays.stream(logProbabilities).sum();
    }
}
