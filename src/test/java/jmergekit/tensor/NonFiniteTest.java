package jmergekit.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NonFiniteTest {
    /// Of each dtype: bits that are finite up to the edge, and bits that are not.
    static List<Arguments> dtypes() {
        return List.of(
                Arguments.of(
                        DType.F64,
                        new long[] {
                            0, 1, -1L << 63, 0x7fef_ffff_ffff_ffffL, 0x000f_ffff_ffff_ffffL
                        },
                        new long[] {0x7ff0L << 48, 0xfff0L << 48, 0x7ff8L << 48, -1}),
                Arguments.of(
                        DType.F32,
                        new long[] {0, 0x7f7f_ffff, 0xff7f_ffffL, 0x8000_0000L, 0x007f_ffff},
                        new long[] {0x7f80_0000, 0xff80_0000L, 0x7fc0_0000, 0xffff_ffffL}),
                Arguments.of(
                        DType.BF16,
                        new long[] {0, 0x7f7f, 0xff7f, 0x8000, 0x007f},
                        new long[] {0x7f80, 0xff80, 0x7fc0, 0x7f81, 0xffff}),
                Arguments.of(
                        DType.F16,
                        new long[] {0, 0x7bff, 0xfbff, 0x8000, 0x03ff},
                        new long[] {0x7c00, 0xfc00, 0x7e00, 0xffff}),
                Arguments.of(
                        DType.F8_E4M3,
                        new long[] {0, 0x7e, 0xfe, 0x80, 0x07, 0x78},
                        new long[] {0x7f, 0xff}),
                Arguments.of(
                        DType.F8_E5M2,
                        new long[] {0, 0x7b, 0xfb, 0x80, 0x03},
                        new long[] {0x7c, 0xfc, 0x7d, 0xff}));
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void whatIsNotFiniteIsFoundWhereverItIs(DType dtype, long[] finite, long[] nonFinite) {
        Random random = new Random(1);
        for (int n : new int[] {0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 70_000}) {
            for (int offset : new int[] {0, 3}) {
                byte[] bytes = new byte[offset + n * dtype.bytes() + 8];
                Arrays.fill(bytes, (byte) -1);
                int expected = 0;
                for (int i = 0; i < n; i++) {
                    boolean finiteHere = random.nextInt(5) > 0;
                    long[] choice = finiteHere ? finite : nonFinite;
                    expected += finiteHere ? 0 : 1;
                    put(
                            bytes,
                            offset + i * dtype.bytes(),
                            dtype,
                            choice[random.nextInt(choice.length)]);
                }
                assertThat(NonFinite.count(dtype, MemorySegment.ofArray(bytes), offset, n))
                        .as("%d of %s", n, dtype)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void oneAmongManyIsFound(DType dtype, long[] finite, long[] nonFinite) {
        int n = 10_000;
        for (int at : new int[] {0, 1, 5_000, n - 1}) {
            byte[] bytes = new byte[n * dtype.bytes()];
            put(bytes, at * dtype.bytes(), dtype, nonFinite[0]);
            assertThat(NonFinite.count(dtype, MemorySegment.ofArray(bytes), 0, n)).isEqualTo(1);
        }
    }

    @Test
    void integersAreFinite() {
        byte[] bytes = new byte[64];
        Arrays.fill(bytes, (byte) -1);
        for (DType dtype : DType.values()) {
            if (!dtype.isFloat()) {
                assertThat(NonFinite.count(dtype, MemorySegment.ofArray(bytes), 0, 8)).isZero();
            }
        }
    }

    @Test
    void onlyTheFirstElementsOfAnArrayCount() {
        float[] x = {1, Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, Float.NaN};
        assertThat(NonFinite.count(x, 4)).isEqualTo(2);
        assertThat(NonFinite.any(x, 1)).isFalse();
        assertThat(NonFinite.any(x, 2)).isTrue();
        assertThat(NonFinite.any(new float[] {Float.MAX_VALUE, -0f, Float.MIN_VALUE}, 3)).isFalse();
        assertThat(NonFinite.any(new float[] {0, Float.NEGATIVE_INFINITY}, 2)).isTrue();
    }

    private static void put(byte[] bytes, int at, DType dtype, long bits) {
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < dtype.bytes(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, at + i, (byte) (bits >>> 8 * i));
        }
    }
}
