package jmergekit.method;

import java.util.Arrays;
import jmergekit.primitive.ElementScore;
import jmergekit.primitive.ElementTile;

/// How much an element of one task vector counts: `exp(T (u^2 - 1)) tanh(d s)`, with `u` the
/// magnitude stretched to the range 0 to 1, `d` the difference, and `s` the sum of all models'
/// differences. Negative scores count as 0. The factor `exp(-T)` avoids overflow; it cancels out
/// later.
///
/// @param model the index of the task vector
/// @param models the number of task vectors, `T`
/// @param low the magnitude that becomes 0, as do smaller ones
/// @param high the magnitude that becomes 1, as do larger ones
record CompetitionScore(int model, int models, float low, float high) implements ElementScore {
    /// Above it, `tanh` is 1 in float32.
    private static final double SATURATED = 10;

    /// Above it, `e^-x` is 0 in float32.
    private static final double VANISHED = 105;

    @Override
    public void score(ElementTile tile, float[] into) {
        int n = tile.n();
        Arrays.fill(into, 0, n, 0f);
        for (float[] difference : tile.differences()) {
            add(difference, into, n);
        }
        score(tile.differences()[model], into, n);
    }

    static void add(float[] difference, float[] sum, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += difference[i];
        }
    }

    /// @param sums the sums of all differences, replaced by the scores
    void score(float[] difference, float[] sums, int n) {
        double stretch = high > low ? 1 / ((double) high - low) : 0;
        for (int i = 0; i < n; i++) {
            double d = difference[i];
            double u = (Math.min(Math.max(Math.abs(d), low), high) - low) * stretch;
            sums[i] = (float) (decay(models * (1 - u * u)) * tanh(d * sums[i]));
        }
        for (int i = 0; i < n; i++) {
            // Not a number is no score either.
            sums[i] = sums[i] > 0 ? sums[i] : 0;
        }
    }

    // e^-x for x of at least 0: the 1024th power of a polynomial. Without branches, so that the
    // compiler can use vectors.
    private static double decay(double x) {
        double z = Math.min(x, VANISHED) * (-1.0 / 1024);
        double e =
                1
                        + z
                                * (1
                                        + z
                                                * (1 / 2.0
                                                        + z
                                                                * (1 / 6.0
                                                                        + z
                                                                                * (1 / 24.0
                                                                                        + z
                                                                                                * (1
                                                                                                                / 120.0
                                                                                                        + z
                                                                                                                / 720)))));
        double e4 = e * e * (e * e);
        double e16 = e4 * e4 * (e4 * e4);
        double e64 = e16 * e16 * (e16 * e16);
        double e256 = e64 * e64 * (e64 * e64);
        return e256 * e256 * (e256 * e256);
    }

    // tanh x for x above 0, otherwise 0: a continued fraction for a quarter of x, doubled twice.
    private static double tanh(double x) {
        double a = Math.min(Math.max(x, 0), SATURATED) / 4;
        double s = a * a;
        double t =
                a
                        * (135135 + s * (17325 + s * (378 + s)))
                        / (135135 + s * (62370 + s * (3150 + s * 28)));
        double half = 2 * t / (1 + t * t);
        return 2 * half / (1 + half * half);
    }
}
