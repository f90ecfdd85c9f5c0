package jmergekit.tile;

/// Exponentials of floats, accurate to about one unit in the last place: the argument is reduced to
/// half a binary logarithm around 0, followed by a polynomial. [VectorExponential] performs the
/// same steps.
final class ScalarExponential {
    static final float LOG2_E = 1.44269504f;

    /// ln 2 in two parts; the first has few enough bits for its multiples to be exact.
    static final float LN2_HIGH = 0x1.62e4p-1f;

    static final float LN2_LOW = 0x1.7f7d1cp-20f;

    /// Adding this to a small float removes the fraction, and leaves the integer in the last bits.
    static final float ROUNDING = 0x1.8p23f;

    /// Taylor's coefficients of `(e^r - 1 - r) / r^2`.
    static final float P0 = 0.5f;

    static final float P1 = 1 / 6f;
    static final float P2 = 1 / 24f;
    static final float P3 = 1 / 120f;
    static final float P4 = 1 / 720f;
    static final float P5 = 1 / 5040f;

    private ScalarExponential() {}

    static void exp(float[] x, float shift, float[] into, int from, int end) {
        for (int i = from; i < end; i++) {
            float clamped = clamped(x[i] - shift);
            float rounded = clamped * LOG2_E + ROUNDING;
            float power = power(rounded);
            into[i] = power * reduced(clamped, rounded - ROUNDING) + power;
        }
    }

    static void expm1(float[] x, float[] into, int from, int end) {
        for (int i = from; i < end; i++) {
            float clamped = clamped(x[i]);
            float rounded = clamped * LOG2_E + ROUNDING;
            float power = power(rounded);
            into[i] = power * reduced(clamped, rounded - ROUNDING) + (power - 1);
        }
    }

    private static float clamped(float x) {
        return Math.min(Math.max(x, -TileOps.MAX_EXPONENT), TileOps.MAX_EXPONENT);
    }

    /// `e^r - 1`, where `r` is `x` minus `count` times ln 2.
    private static float reduced(float x, float count) {
        float r = x - count * LN2_HIGH - count * LN2_LOW;
        float p = ((((P5 * r + P4) * r + P3) * r + P2) * r + P1) * r + P0;
        return r * r * p + r;
    }

    private static float power(float rounded) {
        int count = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUNDING);
        return Float.intBitsToFloat(count + 127 << 23);
    }
}
