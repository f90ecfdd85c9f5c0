package jmergekit.transplant;

import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How close approximated rows are to the model's own, measured on shared tokens that were treated
/// as if the model did not have them.
///
/// @param tokens the number of tokens
/// @param error the norm of all differences, relative to the norm of all rows
/// @param cosine the mean of the cosines
/// @param meanError the same error for the model's mean row in place of each row
/// @param meanCosine the same cosine for the mean row
record Fidelity(int tokens, double error, double cosine, double meanError, double meanCosine) {
    /// The sums for a [Fidelity].
    static final class Sums {
        private int tokens;
        private double squares;
        private double difference;
        private double cosines;
        private double meanDifference;
        private double meanCosines;

        void add(float[] own, float[] found, int from, float[] mean) {
            tokens++;
            double square = 0;
            double foundSquare = 0;
            double inner = 0;
            double meanSquare = 0;
            double meanInner = 0;
            for (int j = 0; j < own.length; j++) {
                double x = own[j];
                double y = found[from + j];
                double m = mean[j];
                square += x * x;
                foundSquare += y * y;
                inner += x * y;
                meanSquare += m * m;
                meanInner += x * m;
                difference += (x - y) * (x - y);
                meanDifference += (x - m) * (x - m);
            }
            squares += square;
            cosines += cosine(inner, square, foundSquare);
            meanCosines += cosine(meanInner, square, meanSquare);
        }

        private static double cosine(double inner, double a, double b) {
            return a > 0 && b > 0 ? inner / Math.sqrt(a * b) : 0;
        }

        Fidelity result() {
            return new Fidelity(
                    tokens,
                    Math.sqrt(difference / Math.max(squares, Double.MIN_NORMAL)),
                    cosines / Math.max(1, tokens),
                    Math.sqrt(meanDifference / Math.max(squares, Double.MIN_NORMAL)),
                    meanCosines / Math.max(1, tokens));
        }
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "on %d held-out shared tokens the relative error is %.3f (%.3f with the mean"
                        + " row), the"
                        + " cosine %.3f (%.3f)",
                tokens,
                error,
                meanError,
                cosine,
                meanCosine);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tokens", tokens);
        put(json, "relative_error", error);
        put(json, "cosine", cosine);
        put(json, "relative_error_of_mean_row", meanError);
        put(json, "cosine_of_mean_row", meanCosine);
        return json;
    }

    // JSON has no NaN and no infinity.
    private static void put(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
    }

    /// Whether the mean row is as close, so that the approximation is useless.
    boolean isNoBetterThanMean() {
        return !(error < meanError);
    }
}
