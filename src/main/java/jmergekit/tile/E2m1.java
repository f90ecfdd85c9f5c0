package jmergekit.tile;

/// Four-bit floats: one sign bit, two exponent bits and one significand bit, without infinity and
/// NaN.
///
/// Source: *OCP Microscaling Formats (MX) Specification*, version 1.0.
public final class E2m1 {
    /// Indexed by the low three bits of a number.
    static final float[] MAGNITUDES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

    private static final int SIGN = 8;

    private E2m1() {}

    /// The numbers of every byte, the one in the low bits first: those of byte `b` are at `2 b` and
    /// `2 b + 1`.
    public static float[] pairs() {
        float[] pairs = new float[512];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = of(i >>> 1 >>> (i & 1) * 4);
        }
        return pairs;
    }

    private static float of(int bits) {
        float magnitude = MAGNITUDES[bits & SIGN - 1];
        return (bits & SIGN) == 0 ? magnitude : -magnitude;
    }

    /// The bits of one of these numbers; NaN gives the bits of the largest.
    public static int bits(float x) {
        int sign = Float.floatToRawIntBits(x) < 0 ? SIGN : 0;
        float magnitude = Math.abs(x);
        int bits = MAGNITUDES.length - 1;
        if (magnitude < 2) {
            bits = (int) (2 * magnitude);
        } else if (magnitude <= 4) {
            bits = (int) magnitude + 2;
        }
        return sign | bits;
    }
}
