package jmergekit.tile;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jmergekit.tensor.DType;

/// [TileOps#widen] and [TileOps#narrow], one element at a time.
///
/// The dtypes in which weights are usually stored have separate loops. Those for F32 and F16 have a
/// form that C2 turns into vector instructions: they start at element 0, and check for NaN only
/// afterwards. For other dtypes the conversion is selected for each element.
public final class ScalarConversion {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ScalarConversion() {}

    static void widen(DType dtype, MemorySegment source, long byteOffset, float[] into, int n) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(source, FLOAT, byteOffset, into, 0, n);
            case BF16 -> widenBf16(source, byteOffset, into, 0, n);
            case F16 -> widenF16(source, byteOffset, into, n);
            case F8_E4M3 -> widenE4m3(source, byteOffset, into, n);
            default -> {
                int size = dtype.bytes();
                for (int i = 0; i < n; i++) {
                    into[i] = read(dtype, source, byteOffset + (long) i * size);
                }
            }
        }
    }

    static void narrow(float[] x, int n, DType dtype, MemorySegment target, long byteOffset) {
        switch (dtype) {
            case F32 -> narrowF32(x, n, target, byteOffset);
            case BF16 -> narrowBf16(x, 0, n, target, byteOffset);
            case F16 -> narrowF16(x, n, target, byteOffset);
            default -> {
                int size = dtype.bytes();
                for (int i = 0; i < n; i++) {
                    write(x[i], dtype, target, byteOffset + (long) i * size);
                }
            }
        }
    }

    /// Converts elements `from` to `end`; `byteOffset` refers to element 0.
    static void widenBf16(MemorySegment source, long byteOffset, float[] into, int from, int end) {
        for (int i = from; i < end; i++) {
            into[i] = SmallFloat.ofBf16(source.get(SHORT, byteOffset + 2L * i));
        }
    }

    /// Converts elements `from` to `end`; `byteOffset` refers to element 0.
    static void narrowBf16(float[] x, int from, int end, MemorySegment target, long byteOffset) {
        for (int i = from; i < end; i++) {
            target.set(SHORT, byteOffset + 2L * i, (short) SmallFloat.toBf16(x[i]));
        }
    }

    private static void widenF16(MemorySegment source, long byteOffset, float[] into, int n) {
        for (int i = 0; i < n; i++) {
            into[i] = Float.float16ToFloat(source.get(SHORT, byteOffset + 2L * i));
        }
    }

    // A table is only indexed with values from an array: if a page of the file is lost, the value
    // left in a register could be an index out of bounds.
    private static void widenE4m3(MemorySegment source, long byteOffset, float[] into, int n) {
        byte[] bits = new byte[n];
        MemorySegment.copy(source, JAVA_BYTE, byteOffset, bits, 0, n);
        for (int i = 0; i < n; i++) {
            into[i] = SmallFloat.E4M3_VALUES[bits[i] & 0xff];
        }
    }

    private static void narrowF16(float[] x, int n, MemorySegment target, long byteOffset) {
        for (int i = 0; i < n; i++) {
            target.set(SHORT, byteOffset + 2L * i, Float.floatToFloat16(x[i]));
        }
        if (hasNan(x, n)) {
            for (int i = 0; i < n; i++) {
                target.set(SHORT, byteOffset + 2L * i, (short) SmallFloat.toF16(x[i]));
            }
        }
    }

    private static void narrowF32(float[] x, int n, MemorySegment target, long byteOffset) {
        MemorySegment.copy(x, 0, target, FLOAT, byteOffset, n);
        if (hasNan(x, n)) {
            for (int i = 0; i < n; i++) {
                target.set(INT, byteOffset + 4L * i, Float.floatToIntBits(x[i]));
            }
        }
    }

    /// Reads through a segment, because C2 does not vectorise [Float#floatToRawIntBits].
    private static boolean hasNan(float[] x, int n) {
        MemorySegment bits = MemorySegment.ofArray(x);
        int worst = 0;
        for (int i = 0; i < n; i++) {
            int magnitude = bits.get(ValueLayout.JAVA_INT, 4L * i) & Integer.MAX_VALUE;
            worst |= SmallFloat.F32_INFINITY - magnitude;
        }
        return worst < 0;
    }

    /// One element, as [TileOps#widen] reads it.
    public static float read(DType dtype, MemorySegment source, long at) {
        return switch (dtype) {
            case F64 -> (float) Double.longBitsToDouble(source.get(LONG, at));
            case F32 -> Float.intBitsToFloat(source.get(INT, at));
            case F16 -> SmallFloat.ofF16(source.get(SHORT, at));
            case BF16 -> SmallFloat.ofBf16(source.get(SHORT, at));
            case F8_E4M3 -> SmallFloat.ofE4m3(source.get(JAVA_BYTE, at));
            case F8_E5M2 -> SmallFloat.ofE5m2(source.get(JAVA_BYTE, at));
            case F8_E8M0 -> SmallFloat.ofE8m0(source.get(JAVA_BYTE, at));
            default -> readInteger(dtype, source, at);
        };
    }

    // A separate method, because C2 does not inline long ones.
    private static float readInteger(DType dtype, MemorySegment source, long at) {
        return switch (dtype) {
            case I64 -> source.get(LONG, at);
            case I32 -> source.get(INT, at);
            case I16 -> source.get(SHORT, at);
            case I8 -> source.get(JAVA_BYTE, at);
            case U64 -> ofUnsigned(source.get(LONG, at));
            case U32 -> Integer.toUnsignedLong(source.get(INT, at));
            case U16 -> Short.toUnsignedInt(source.get(SHORT, at));
            case U8 -> Byte.toUnsignedInt(source.get(JAVA_BYTE, at));
            case BOOL -> source.get(JAVA_BYTE, at) == 0 ? 0 : 1;
            default -> throw notConverted(dtype);
        };
    }

    private static void write(float x, DType dtype, MemorySegment target, long at) {
        double whole = Math.rint(x);
        switch (dtype) {
            case F64 -> target.set(LONG, at, Double.doubleToLongBits(x));
            case F32 -> target.set(INT, at, Float.floatToIntBits(x));
            case F16 -> target.set(SHORT, at, (short) SmallFloat.toF16(x));
            case BF16 -> target.set(SHORT, at, (short) SmallFloat.toBf16(x));
            case F8_E4M3 -> target.set(JAVA_BYTE, at, (byte) SmallFloat.toE4m3(x));
            case F8_E5M2 -> target.set(JAVA_BYTE, at, (byte) SmallFloat.toE5m2(x));
            case I64 -> target.set(LONG, at, (long) whole);
            case I32 -> target.set(INT, at, (int) whole);
            case I16 -> target.set(SHORT, at, (short) clamp(whole, Short.MIN_VALUE, 0x7fff));
            case I8 -> target.set(JAVA_BYTE, at, (byte) clamp(whole, Byte.MIN_VALUE, 0x7f));
            case U64 -> target.set(LONG, at, toUnsigned(whole));
            case U32 -> target.set(INT, at, (int) clamp(whole, 0, 0xffff_ffffL));
            case U16 -> target.set(SHORT, at, (short) clamp(whole, 0, 0xffff));
            case U8 -> target.set(JAVA_BYTE, at, (byte) clamp(whole, 0, 0xff));
            case BOOL -> target.set(JAVA_BYTE, at, (byte) (x == 0 ? 0 : 1));
            case F8_E8M0 -> target.set(JAVA_BYTE, at, (byte) SmallFloat.toE8m0(x));
            default -> throw notConverted(dtype);
        }
    }

    private static IllegalArgumentException notConverted(DType dtype) {
        return new IllegalArgumentException(dtype + " is only copied");
    }

    private static long clamp(double whole, long low, long high) {
        return Math.clamp((long) whole, low, high);
    }

    private static float ofUnsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        // Halved with the lost bit kept, since it decides ties.
        return 2f * (bits >>> 1 | bits & 1);
    }

    private static long toUnsigned(double whole) {
        if (whole >= 0x1p64) {
            return -1;
        }
        if (whole >= 0x1p63) {
            return (long) (whole - 0x1p63) | Long.MIN_VALUE;
        }
        return Math.max(0, (long) whole);
    }
}
