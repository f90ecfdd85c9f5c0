package jmergekit.transplant;

import java.util.Locale;

/// How the rows of a token's pieces are combined into one.
public enum SubwordMethod {
    MEAN,
    SUM,
    WEIGHTED_MEAN,
    FIRST_LAST;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The weights of the pieces, in reading order. A head predicts the beginning of a token, and
    /// the text after a token depends on its end: `first_last` uses only that piece.
    /// `weighted_mean` weights them 1, 2, … in reading order for the head, and in reverse for
    /// embeddings.
    double[] weights(int pieces, Side side) {
        double[] weights = new double[pieces];
        for (int i = 0; i < pieces; i++) {
            int place = side == Side.HEAD ? i : pieces - 1 - i;
            weights[i] =
                    switch (this) {
                        case MEAN -> 1.0 / pieces;
                        case SUM -> 1;
                        case WEIGHTED_MEAN -> 2 * (place + 1.0) / (pieces * (pieces + 1.0));
                        case FIRST_LAST -> place == 0 ? 1 : 0;
                    };
        }
        return weights;
    }
}
