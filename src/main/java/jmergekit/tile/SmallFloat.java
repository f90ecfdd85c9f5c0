package jmergekit.tile;

/// The 16-bit and 8-bit float formats, one element at a time, as raw bits in the low bits of an
/// `int`.
///
/// BF16 is the upper half of a float32 and F16 is IEEE 754 binary16. F8_E5M2 is the upper half of
/// an F16. F8_E4M3 has no infinity, one NaN of either sign, and 448 as its largest value. Source
/// for the last two: *FP8 Formats for Deep Learning*, <https://arxiv.org/abs/2209.05433>.
///
/// Rounding is to nearest even. Every NaN is written as the same positive NaN, because the NaN that
/// an addition returns depends on the CPU.
final class SmallFloat {
    static final int F32_INFINITY = 0x7f80_0000;
    static final int F16_INFINITY = 0x7c00;
    static final int BF16_NAN = 0x7fc0;
    private static final int F16_NAN = 0x7e00;
    private static final int E4M3_NAN = 0x7f;
    private static final int E5M2_NAN = 0x7f;
    private static final int E5M2_INFINITY = 0x7c;

    private static final int MAGNITUDE = 0x7fff_ffff;
    static final float[] E4M3_VALUES = e4m3Values();

    private SmallFloat() {}

    static float ofBf16(int bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static int toBf16(float x) {
        if (x != x) {
            return BF16_NAN;
        }
        int bits = Float.floatToRawIntBits(x);
        int odd = bits >>> 16 & 1;
        return bits + 0x7fff + odd >>> 16;
    }

    static float ofF16(int bits) {
        return Float.float16ToFloat((short) bits);
    }

    static int toF16(float x) {
        return x != x ? F16_NAN : Float.floatToFloat16(x);
    }

    static float ofE4m3(int bits) {
        int magnitude = bits & 0x7f;
        // The same bits as a float32 have a different bias.
        float value =
                magnitude == E4M3_NAN
                        ? Float.NaN
                        : Float.intBitsToFloat(magnitude << 20) * 0x1p120f;
        return (bits & 0x80) == 0 ? value : -value;
    }

    static int toE4m3(float x) {
        if (x != x) {
            return E4M3_NAN;
        }
        int magnitude = roundMagnitude(x, 3, 7);
        return magnitude >= E4M3_NAN ? E4M3_NAN : sign(x) << 7 | magnitude;
    }

    static float ofE5m2(int bits) {
        return ofF16((bits & 0xff) << 8);
    }

    static int toE5m2(float x) {
        if (x != x) {
            return E5M2_NAN;
        }
        return sign(x) << 7 | Math.min(roundMagnitude(x, 2, 15), E5M2_INFINITY);
    }

    /// The power of two with this exponent, biased by 127; 255 is NaN. Exact: the smallest one is a
    /// subnormal float32.
    ///
    /// Source: *OCP Microscaling Formats (MX) Specification*, version 1.0.
    static float ofE8m0(int bits) {
        int exponent = bits & 0xff;
        return switch (exponent) {
            case 0 -> 0x1p-127f;
            case 0xff -> Float.NaN;
            default -> Float.intBitsToFloat(exponent << 23);
        };
    }

    /// The exponent of the largest power of two that does not exceed `x`, which is positive or NaN.
    static int toE8m0(float x) {
        return x == x ? Math.clamp(Math.getExponent((double) x) + 127, 0, 254) : 0xff;
    }

    private static int sign(float x) {
        return Float.floatToRawIntBits(x) >>> 31;
    }

    /// The bits, without sign, of `x` in a format of `significandBits` and exponent `bias`, as if
    /// its exponent range had no upper limit. `x` is not NaN; infinity gives a value out of range.
    private static int roundMagnitude(float x, int significandBits, int bias) {
        int magnitude = Float.floatToRawIntBits(x) & MAGNITUDE;
        int smallestNormal = 128 - bias << 23;
        if (magnitude < smallestNormal) {
            // The last place of this power of two is the smallest subnormal, so the addition rounds
            // there.
            float power = Math.scalb(1f, 1 - bias - significandBits + 23);
            return Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + power)
                    - Float.floatToRawIntBits(power);
        }
        int dropped = 23 - significandBits;
        int odd = magnitude >>> dropped & 1;
        int rebiased = magnitude - (127 - bias << 23);
        return rebiased + (1 << dropped - 1) - 1 + odd >>> dropped;
    }

    private static float[] e4m3Values() {
        float[] values = new float[256];
        for (int bits = 0; bits < 256; bits++) {
            values[bits] = ofE4m3(bits);
        }
        return values;
    }
}
