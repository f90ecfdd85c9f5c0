package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jmergekit.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What [TileOps] says of reading and writing dtypes. Cases are repeated, so that they go through
/// whole vectors and through what is left over, and lie at an odd address.
interface ConversionContract {
    int REPEATS = 37;
    float NAN = Float.NaN;
    float INFINITY = Float.POSITIVE_INFINITY;

    TileOps ops();

    @Test
    default void f32IsReadAsItIs() {
        assertReads(DType.F32, 0x3f80_0000, 1);
        assertReads(DType.F32, 0x8000_0001, -Float.MIN_VALUE);
        assertReads(DType.F32, 0xff80_0000, -INFINITY);
        assertReads(DType.F32, 0x7f80_0001, NAN);
    }

    @Test
    default void bf16IsTheUpperHalfOfAFloat() {
        assertReads(DType.BF16, 0x3f80, 1);
        assertReads(DType.BF16, 0xc049, -3.140625f);
        assertReads(DType.BF16, 0x0001, 0x1p-133f);
        assertReads(DType.BF16, 0xff80, -INFINITY);
        assertReads(DType.BF16, 0xffc0, NAN);
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32", "I8"})
    default void aDifferenceIsThatOfWhatIsRead(DType dtype) {
        int n = 2 * REPEATS + 1;
        float[] read = new float[n];
        float[] base = new float[n];
        for (int i = 0; i < n; i++) {
            read[i] = i - REPEATS;
            base[i] = 0.1f * i;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(3 + (long) n * dtype.bytes());
            ops().narrow(read, n, dtype, source, 3);
            float[] into = new float[n + 1];
            ops().widenDifference(dtype, source, 3, base, into, n);
            for (int i = 0; i < n; i++) {
                assertThat(into[i]).isEqualTo(read[i] - base[i]);
            }
            assertThat(into[n]).isZero();
        }
    }

    /// What is read differs in its last bit from 1, so that a product or sum that is not rounded
    /// shows.
    @Test
    default void bf16IsScaledAndAddedRoundedAfterEachOperation() {
        int n = 2 * REPEATS + 1;
        float[] base = new float[n];
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i % 2 == 0 ? 1 : -1) * (1 + 0x1p-7f);
            base[i] = 0.01f * i;
        }
        float factor = 0.3f;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(3 + 2L * n);
            ops().narrow(x, n, DType.BF16, source, 3);
            float[] differences = base.clone();
            ops().addDifferenceBf16(source, 3, base, factor, differences, n);
            for (int i = 0; i < n; i++) {
                float difference = x[i] - base[i];
                float change = factor * difference;
                assertThat(differences[i]).isEqualTo(base[i] + change);
            }
        }
    }

    @Test
    default void bf16IsRoundedToNearestEven() {
        assertWrites(DType.BF16, 1, 0x3f80);
        assertWrites(DType.BF16, 1 + 0x1p-8f, 0x3f80);
        assertWrites(DType.BF16, 1 + 0x1p-8f + 0x1p-23f, 0x3f81);
        assertWrites(DType.BF16, 1 + 3 * 0x1p-8f, 0x3f82);
        assertWrites(DType.BF16, -0f, 0x8000);
        assertWrites(DType.BF16, Float.MIN_VALUE, 0);
        assertWrites(DType.BF16, -Float.MAX_VALUE, 0xff80);
        assertWrites(DType.BF16, INFINITY, 0x7f80);
    }

    @Test
    default void f16CoversNormalsSubnormalsAndInfinity() {
        assertReads(DType.F16, 0x3c00, 1);
        assertReads(DType.F16, 0xfbff, -65504);
        assertReads(DType.F16, 0x0400, 0x1p-14f);
        assertReads(DType.F16, 0x03ff, 1023 * 0x1p-24f);
        assertReads(DType.F16, 0x8001, -0x1p-24f);
        assertReads(DType.F16, 0x8000, -0f);
        assertReads(DType.F16, 0x7c00, INFINITY);
        assertReads(DType.F16, 0x7c01, NAN);
    }

    @Test
    default void f16IsRoundedToNearestEven() {
        assertWrites(DType.F16, 1 + 0x1p-11f, 0x3c00);
        assertWrites(DType.F16, 1 + 0x1p-11f + 0x1p-23f, 0x3c01);
        assertWrites(DType.F16, 1 + 3 * 0x1p-11f, 0x3c02);
        assertWrites(DType.F16, 2 - 0x1p-11f, 0x4000);
        assertWrites(DType.F16, 65519.996f, 0x7bff);
        assertWrites(DType.F16, 65520, 0x7c00);
        assertWrites(DType.F16, -1e30f, 0xfc00);
        assertWrites(DType.F16, -INFINITY, 0xfc00);
    }

    @Test
    default void f16SubnormalsAreRoundedToNearestEven() {
        assertWrites(DType.F16, 0x1p-24f, 0x0001);
        assertWrites(DType.F16, 0x1p-25f, 0x0000);
        assertWrites(DType.F16, -0x1p-25f, 0x8000);
        assertWrites(DType.F16, Math.nextUp(0x1p-25f), 0x0001);
        assertWrites(DType.F16, 3 * 0x1p-25f, 0x0002);
        assertWrites(DType.F16, 2047 * 0x1p-25f, 0x0400);
        assertWrites(DType.F16, Float.MIN_VALUE, 0x0000);
    }

    @Test
    default void e4m3HasNoInfinityAndOneNan() {
        assertReads(DType.F8_E4M3, 0x38, 1);
        assertReads(DType.F8_E4M3, 0x7e, 448);
        assertReads(DType.F8_E4M3, 0xfe, -448);
        assertReads(DType.F8_E4M3, 0x78, 256);
        assertReads(DType.F8_E4M3, 0x08, 0x1p-6f);
        assertReads(DType.F8_E4M3, 0x07, 7 * 0x1p-9f);
        assertReads(DType.F8_E4M3, 0x81, -0x1p-9f);
        assertReads(DType.F8_E4M3, 0x80, -0f);
        assertReads(DType.F8_E4M3, 0x7f, NAN);
        assertReads(DType.F8_E4M3, 0xff, NAN);
    }

    @Test
    default void e4m3IsRoundedToNearestEvenAndNanOutOfRange() {
        assertWrites(DType.F8_E4M3, 1.0625f, 0x38);
        assertWrites(DType.F8_E4M3, 1.1875f, 0x3a);
        assertWrites(DType.F8_E4M3, -464, 0xfe);
        assertWrites(DType.F8_E4M3, Math.nextUp(464f), 0x7f);
        assertWrites(DType.F8_E4M3, -INFINITY, 0x7f);
        assertWrites(DType.F8_E4M3, 0x1p-10f, 0x00);
        assertWrites(DType.F8_E4M3, -3 * 0x1p-10f, 0x82);
    }

    @Test
    default void e5m2IsLikeF16() {
        assertReads(DType.F8_E5M2, 0x3c, 1);
        assertReads(DType.F8_E5M2, 0x7b, 57344);
        assertReads(DType.F8_E5M2, 0x04, 0x1p-14f);
        assertReads(DType.F8_E5M2, 0x83, -3 * 0x1p-16f);
        assertReads(DType.F8_E5M2, 0xfc, -INFINITY);
        assertReads(DType.F8_E5M2, 0x7d, NAN);
        assertWrites(DType.F8_E5M2, 1.125f, 0x3c);
        assertWrites(DType.F8_E5M2, 1.375f, 0x3e);
        assertWrites(DType.F8_E5M2, Math.nextDown(61440f), 0x7b);
        assertWrites(DType.F8_E5M2, -61440, 0xfc);
        assertWrites(DType.F8_E5M2, 0x1p-17f, 0x00);
    }

    @Test
    default void nanIsWrittenAsOneNan() {
        for (int bits : new int[] {0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0xffff_ffff}) {
            float nan = Float.intBitsToFloat(bits);
            assertWrites(DType.F64, nan, 0x7ff8_0000_0000_0000L);
            assertWrites(DType.F32, nan, 0x7fc0_0000);
            assertWrites(DType.F16, nan, 0x7e00);
            assertWrites(DType.BF16, nan, 0x7fc0);
            assertWrites(DType.F8_E4M3, nan, 0x7f);
            assertWrites(DType.F8_E5M2, nan, 0x7f);
            assertWrites(DType.I64, nan, 0);
            assertWrites(DType.U64, nan, 0);
            assertWrites(DType.U8, nan, 0);
        }
    }

    @Test
    default void wideTypesAreReadRoundedToNearestEven() {
        assertReads(DType.F64, Double.doubleToLongBits(1 + 0x1p-24), 1);
        assertReads(DType.F64, Double.doubleToLongBits(1e300), INFINITY);
        assertReads(DType.I32, 16_777_217, 16_777_216);
        assertReads(DType.U32, 0xffff_ffffL, 4_294_967_296f);
        assertReads(DType.I64, Long.MIN_VALUE, -0x1p63f);
        assertReads(DType.U64, -1, 0x1p64f);
        assertReads(DType.U64, 0x8000_0080_0000_0000L, 0x1p63f);
        assertReads(DType.U64, 0x8000_0080_0000_0001L, 0x1.000002p63f);
    }

    @Test
    default void smallIntegersAreReadWithTheirSign() {
        assertReads(DType.I16, 0xffff, -1);
        assertReads(DType.U16, 0xffff, 65535);
        assertReads(DType.I8, 0x80, -128);
        assertReads(DType.U8, 0x80, 128);
        assertReads(DType.BOOL, 0, 0);
        assertReads(DType.BOOL, 0xff, 1);
    }

    @Test
    default void integersAreWrittenRoundedAndSaturated() {
        assertWrites(DType.I8, 2.5f, 2);
        assertWrites(DType.I8, -3.5f, 0xfc);
        assertWrites(DType.I8, 200, 127);
        assertWrites(DType.I16, -INFINITY, 0x8000);
        assertWrites(DType.I32, 1e20f, 0x7fff_ffff);
        assertWrites(DType.I64, -1e30f, Long.MIN_VALUE);
        assertWrites(DType.U8, -1, 0);
        assertWrites(DType.U16, 1e9f, 0xffff);
        assertWrites(DType.U32, 0x1p31f, 0x8000_0000L);
        assertWrites(DType.U32, 1e20f, 0xffff_ffffL);
        assertWrites(DType.U64, 0x1.8p63f, 0xc000_0000_0000_0000L);
        assertWrites(DType.U64, INFINITY, -1);
        assertWrites(DType.BOOL, -0f, 0);
        assertWrites(DType.BOOL, 0.1f, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F8_E4M3", "F8_E5M2", "I16", "U16", "I8", "U8"})
    default void everyPatternComesBack(DType dtype) {
        try (Arena arena = Arena.ofConfined()) {
            int patterns = 1 << 8 * dtype.bytes();
            MemorySegment all = arena.allocate((long) patterns * dtype.bytes());
            MemorySegment back = arena.allocate(all.byteSize());
            for (int i = 0; i < patterns; i++) {
                put(all, dtype, (long) i * dtype.bytes(), i);
            }
            float[] wide = new float[patterns];
            ops().widen(dtype, all, 0, wide, patterns);
            ops().narrow(wide, patterns, dtype, back, 0);
            float[] again = new float[patterns];
            ops().widen(dtype, back, 0, again, patterns);
            assertThat(again).containsExactly(wide);
        }
    }

    private void assertReads(DType dtype, long bits, float expected) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(3 + 8L * REPEATS, 8);
            for (int i = 0; i < REPEATS; i++) {
                put(source, dtype, 3 + (long) i * dtype.bytes(), bits);
            }
            float[] into = new float[REPEATS];
            ops().widen(dtype, source, 3, into, REPEATS);
            assertThat(into).as("%s %x", dtype, bits).containsOnly(expected);
        }
    }

    private void assertWrites(DType dtype, float x, long expected) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(3 + 8L * REPEATS, 8);
            float[] from = new float[REPEATS];
            Arrays.fill(from, x);
            ops().narrow(from, REPEATS, dtype, target, 3);
            for (int i = 0; i < REPEATS; i++) {
                long bits = get(target, dtype, 3 + (long) i * dtype.bytes());
                assertThat(bits).as("%s of %s", dtype, x).isEqualTo(mask(dtype, expected));
            }
            long end = 3 + (long) REPEATS * dtype.bytes();
            assertThat(target.get(ValueLayout.JAVA_BYTE, 2)).isZero();
            if (end < target.byteSize()) {
                assertThat(target.get(ValueLayout.JAVA_BYTE, end)).isZero();
            }
        }
    }

    private static void put(MemorySegment segment, DType dtype, long at, long bits) {
        for (int i = 0; i < dtype.bytes(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, at + i, (byte) (bits >>> 8 * i));
        }
    }

    private static long get(MemorySegment segment, DType dtype, long at) {
        long bits = 0;
        for (int i = 0; i < dtype.bytes(); i++) {
            bits |= (segment.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL) << 8 * i;
        }
        return bits;
    }

    private static long mask(DType dtype, long bits) {
        return dtype.bytes() == 8 ? bits : bits & (1L << 8 * dtype.bytes()) - 1;
    }
}
