package jmergekit.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Counts the elements that are NaN or infinite.
///
/// Eight bytes are processed together. With everything but the exponents masked out, adding 1 to
/// the lowest bit of each exponent carries into the sign bit exactly where all bits of the exponent
/// are set. These are plain loops, which C2 compiles to vector instructions.
public final class NonFinite {
    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The number of bytes checked before any elements in them are counted.
    private static final int BLOCK = 1 << 16;

    private static final long SIGNS_64 = 0x8000_0000_0000_0000L;
    private static final long SIGNS_32 = 0x8000_0000_8000_0000L;
    private static final long SIGNS_16 = 0x8000_8000_8000_8000L;
    private static final long SIGNS_8 = 0x8080_8080_8080_8080L;

    private NonFinite() {}

    /// The number of NaN or infinite elements from `byteOffset` on; 0 for dtypes that are not
    /// floating-point. `byteOffset` needs no alignment.
    public static long count(DType dtype, MemorySegment bytes, long byteOffset, long elements) {
        if (!dtype.isFloat()) {
            return 0;
        }
        MemorySegment all = bytes.asSlice(byteOffset, dtype.bytes(elements));
        return switch (dtype) {
            case F64 -> count(all, 0x7ff0_0000_0000_0000L, SIGNS_64);
            case F32 -> count(all, 0x7f80_0000_7f80_0000L, SIGNS_32);
            case BF16 -> count(all, 0x7f80_7f80_7f80_7f80L, SIGNS_16);
            case F16 -> count(all, 0x7c00_7c00_7c00_7c00L, SIGNS_16);
            case F8_E5M2 -> count(all, 0x7c7c_7c7c_7c7c_7c7cL, SIGNS_8);
            // This dtype has no infinity, and NaN has all bits set.
            case F8_E4M3 -> count(all, 0x7f7f_7f7f_7f7f_7f7fL, SIGNS_8);
            default -> 0;
        };
    }

    /// The same for the first `n` elements of an array.
    public static long count(float[] x, int n) {
        long found = 0;
        for (int i = 0; i < n; i++) {
            found += Float.isFinite(x[i]) ? 0 : 1;
        }
        return found;
    }

    /// Whether any of the first `n` elements of an array is NaN or infinite.
    ///
    /// This is a separate loop and the segment is created here, because C2 only vectorises it if it
    /// knows that the segment is an array, and does not vectorise [Float#floatToRawIntBits].
    public static boolean any(float[] x, int n) {
        MemorySegment bits = MemorySegment.ofArray(x);
        int carried = 0;
        for (int i = 0; i < n; i++) {
            carried |= (bits.get(ValueLayout.JAVA_INT, 4L * i) & 0x7f80_0000) + 0x0080_0000;
        }
        return carried < 0;
    }

    /// @param exponents the bits of each element that are all set in NaN and infinity
    /// @param signs the bit above them
    private static long count(MemorySegment bytes, long exponents, long signs) {
        long size = bytes.byteSize();
        long whole = size - size % Long.BYTES;
        long found = 0;
        for (long at = 0; at < whole; at += BLOCK) {
            MemorySegment block = bytes.asSlice(at, Math.min(BLOCK, whole - at));
            if (any(block, exponents, signs)) {
                found += countWords(block, exponents, signs);
            }
        }
        // The remaining bytes are treated as the start of a word of zeros.
        long last = 0;
        for (long at = whole; at < size; at++) {
            long value = Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, at));
            last |= value << Byte.SIZE * (at - whole);
        }
        return found + Long.bitCount((last & exponents) + (signs - exponents) & signs);
    }

    private static boolean any(MemorySegment words, long exponents, long signs) {
        int count = (int) (words.byteSize() / Long.BYTES);
        long ones = signs - exponents;
        long carried = 0;
        for (int i = 0; i < count; i++) {
            carried |= (words.get(WORD, 8L * i) & exponents) + ones;
        }
        return (carried & signs) != 0;
    }

    private static long countWords(MemorySegment words, long exponents, long signs) {
        int count = (int) (words.byteSize() / Long.BYTES);
        long ones = signs - exponents;
        long found = 0;
        for (int i = 0; i < count; i++) {
            found += Long.bitCount((words.get(WORD, 8L * i) & exponents) + ones & signs);
        }
        return found;
    }
}
