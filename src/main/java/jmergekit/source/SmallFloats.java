package jmergekit.source;

/// Floats of few bits, as the values they stand for.
///
/// Source: *FP8 Formats for Deep Learning*, <https://arxiv.org/abs/2209.05433>, and *OCP
/// Microscaling Formats (MX) Specification*, version 1.0.
///
/// @param significandBits the stored bits, at least one
/// @param smallestExponent of a normal number
/// @param largest the largest magnitude
record SmallFloats(int significandBits, int smallestExponent, float largest) {
    static final SmallFloats E4M3 = new SmallFloats(3, -6, 448);
    static final SmallFloats E5M2 = new SmallFloats(2, -14, 57344);
    static final SmallFloats E2M1 = new SmallFloats(1, 0, 6);

    private static final int BIAS = 1023;
    private static final int FRACTION = 52;
    private static final int EXPONENT_BITS = 0x7ff;

    /// The nearest value; in a tie, the one with an even significand. Values out of range are
    /// clamped; NaN and infinity are unchanged.
    float round(double x) {
        int exponent = (int) (Double.doubleToRawLongBits(x) >>> FRACTION) & EXPONENT_BITS;
        if (exponent == EXPONENT_BITS) {
            return (float) x;
        }
        int last = Math.max(exponent - BIAS, smallestExponent) - significandBits;
        // Both are powers of two, so only rint rounds.
        double step = power(last);
        float rounded = (float) (Math.rint(x * power(-last)) * step);
        return Math.clamp(rounded, -largest, largest);
    }

    private static double power(int exponent) {
        return Double.longBitsToDouble((long) (exponent + BIAS) << FRACTION);
    }
}
