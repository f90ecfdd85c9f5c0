package jmergekit.linalg;

import java.util.Arrays;

/// What a model says of tokens, each from those before it.
///
/// @param logProbabilities of the tokens that are there, natural logarithms
/// @param best the most probable tokens in their places; [#NONE] where a probability is not a number
public record NextTokens(double[] logProbabilities, int[] best) {
    public static final int NONE = -1;

    NextTokens part(int from, int end) {
        return new NextTokens(
                Arrays.copyOfRange(logProbabilities, from, end),
                Arrays.copyOfRange(best, from, end));
    }

    /// The log-probability of all of them.
    public double sum() {
        return Arrays.stream(logProbabilities).sum();
    }
}
