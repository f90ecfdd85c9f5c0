package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import jmergekit.tensor.DType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [VectorTileOps] gives the bits of [ScalarTileOps], at sizes around whole vectors, for values of
/// every kind.
final class TileOpsTwinsTest {
    private static final TileOps SCALAR = new ScalarTileOps();
    private static final TileOps VECTOR = new VectorTileOps();
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -0x1.8p-130f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1f,
        -1f,
        65504f,
        65520f,
        0x1p-25f
    };
    private static final float[][] FINITE = {
        finite(TileOps.TILE, 1),
        finite(TileOps.TILE, 2),
        finite(TileOps.TILE, 3),
        finite(TileOps.TILE, 4)
    };
    private static final MemorySegment SPACE = Arena.ofAuto().allocate(4L * TileOps.TILE);
    private static final int[] BINS = new int[18];
    private static final int[] LIMITS = new Random(5).ints(TileOps.TILE).toArray();
    private static final double[] SUMS = new double[TileOps.LANES];

    /// Until C2 compiles them, the vectors are ordinary objects: nothing of the CPU is tested.
    @BeforeAll
    static void compile() {
        for (TileOps ops : List.of(SCALAR, VECTOR)) {
            for (int round = 0; round < 600; round++) {
                useAll(ops);
            }
        }
    }

    private static void useAll(TileOps ops) {
        int n = TileOps.TILE;
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            ops.narrow(FINITE[0], n, dtype, SPACE, 0);
            ops.widen(dtype, SPACE, 0, FINITE[1], n);
        }
        ops.widenMicroscaled(SPACE, 0, SPACE, 0, FINITE[1], 0, n / TileOps.MX_BLOCK);
        ops.narrow(FINITE[0], n, DType.BF16, SPACE, 0);
        ops.widen(DType.BF16, SPACE, 0, FINITE[1], n);
        ops.widenDifference(DType.BF16, SPACE, 0, FINITE[0], FINITE[2], n);
        ops.addDifferenceBf16(SPACE, 0, FINITE[0], 0.5f, FINITE[2], n);
        ops.subtract(FINITE[0], FINITE[1], FINITE[2], n);
        ops.scale(FINITE[2], 0.5f, FINITE[2], n);
        ops.add(FINITE[2], FINITE[1], n);
        ops.addScaled(FINITE[2], FINITE[1], 0.5f, n);
        ops.addTo(FINITE[0], FINITE[1], 0.5f, FINITE[2], n);
        ops.elect(FINITE[0], FINITE[1], 1, FINITE[2], FINITE[3], n);
        ops.divide(FINITE[2], FINITE[3], n);
        ops.keepSome(FINITE[2], n, 1, 1);
        ops.keepAbove(FINITE[2], n, 1);
        ops.keepAtLeast(FINITE[2], n, 1);
        ops.countMagnitudes(FINITE[0], n, 0x3f80_0000, 0x3f88_0000, 16, BINS);
        ops.dot(FINITE[0], FINITE[1], n, SUMS);
        ops.largestMagnitude(FINITE[0], n);
        ops.countSigns(FINITE[0], FINITE[1], n);
        ops.contribute(FINITE[0], 0.5f, 2, FINITE[1], FINITE[2], FINITE[3], n);
        ops.countContributions(FINITE[0], 0.5f, FINITE[3], 1, n);
        ops.meanOrSole(FINITE[1], FINITE[2], FINITE[3], n);
        ops.replaceAtLeast(FINITE[1], FINITE[0], FINITE[3], 0.5f, n);
        ops.nearSwap(FINITE[1], FINITE[0], 0.5f, n);
        ops.keepWhere(FINITE[1], FINITE[3], n);
        ops.keepBernoulli(FINITE[1], n, 3, 0, CounterRandom.limit(0.6));
        ops.keepBernoulli(FINITE[1], n, 3, 0, LIMITS);
        ops.keepBits(FINITE[1], new long[n / 64], 0, n);
        ops.markNonzero(FINITE[0], new long[n / 64], 0, n);
        ops.exp(FINITE[0], 0, FINITE[1], n);
        ops.expm1(FINITE[0], FINITE[2], n);
        ops.absoluteSum(FINITE[0], n, SUMS);
        ops.variance(new float[][] {FINITE[0], FINITE[1]}, 0.5, FINITE[2], n);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, TileOps.TILE / TileOps.MX_BLOCK})
    void microscaledBlocksAgree(int blocks) {
        byte[] bytes = new byte[5 + 17 * blocks];
        new Random(blocks).nextBytes(bytes);
        bytes[5] = 0;
        bytes[5 + blocks - 1] = -1;
        MemorySegment stored = MemorySegment.ofArray(bytes);
        float[] scalar = new float[3 + blocks * TileOps.MX_BLOCK];
        float[] vector = scalar.clone();

        SCALAR.widenMicroscaled(stored, 5 + blocks, stored, 5, scalar, 3, blocks);
        VECTOR.widenMicroscaled(stored, 5 + blocks, stored, 5, vector, 3, blocks);

        for (int i = 0; i < scalar.length; i++) {
            assertThat(Float.floatToIntBits(vector[i])).isEqualTo(Float.floatToIntBits(scalar[i]));
        }
    }

    static IntStream sizes() {
        int lanes = VectorShapes.FLOATS.length();
        return IntStream.of(
                0, 1, lanes - 1, lanes, lanes + 1, 2 * lanes - 1, 4 * lanes + 3, 37, TileOps.TILE);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void elementwiseOperationsAgree(int n) {
        agree(n, (ops, t) -> ops.subtract(t[0], t[1], t[2], n));
        agree(n, (ops, t) -> ops.scale(t[0], -0.7f, t[0], n));
        agree(n, (ops, t) -> ops.add(t[0], t[1], n));
        agree(n, (ops, t) -> ops.addScaled(t[0], t[1], 0.3f, n));
        agree(n, (ops, t) -> ops.addTo(t[0], t[1], 1.7f, t[0], n));
        agree(n, (ops, t) -> ops.divide(t[0], t[1], n));
        agree(n, (ops, t) -> ops.elect(t[0], t[1], 0.3f, t[2], t[3], n));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void operationsOnChangesAgree(int n) {
        for (float at : new float[] {0, 1e-5f, 1, Float.NaN}) {
            agree(n, (ops, t) -> ops.contribute(t[0], at, 0.7f, t[1], t[2], t[3], n));
            agree(n, (ops, t) -> t[0][0] = ops.countContributions(t[0], at, t[1], 1, n));
            agree(n, (ops, t) -> ops.replaceAtLeast(t[0], t[1], t[2], at, n));
            agree(n, (ops, t) -> ops.nearSwap(t[0], t[1], at, n));
        }
        agree(n, (ops, t) -> ops.meanOrSole(t[0], t[1], t[2], n));
        agree(n, (ops, t) -> ops.keepWhere(t[0], t[1], n));
        agree(n, (ops, t) -> ops.dropWhere(t[0], t[1], n));
        long[] words = {Long.MAX_VALUE / 3, 5, -7, 1};
        agree(Math.min(n, 128), (ops, t) -> ops.keepBits(t[0], words, 64, Math.min(n, 128)));
        long[] scalar = new long[n / 64 + 1];
        long[] vector = new long[n / 64 + 1];
        SCALAR.markNonzero(values(n, 1), scalar, 0, n);
        VECTOR.markNonzero(values(n, 1), vector, 0, n);
        assertThat(vector).isEqualTo(scalar);
        agree(n, (ops, t) -> ops.addProduct(t[0], t[1], t[2], n));
        agree(n, (ops, t) -> ops.variance(new float[][] {t[0], t[1]}, 0.7, t[2], n));
        agree(n, (ops, t) -> ops.variance(new float[][] {t[0], t[1], t[3]}, 0.3, t[2], n));
        for (long from : new long[] {0, 4096, (1L << 33) - 4096}) {
            agree(n, (ops, t) -> ops.keepBernoulli(t[0], n, -7, from, CounterRandom.limit(0.6)));
            agree(n, (ops, t) -> ops.keepBernoulli(t[0], n, -7, from, LIMITS));
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void exponentialsAgree(int n) {
        agree(n, (ops, t) -> ops.exp(t[0], 0.3f, t[1], n));
        agree(n, (ops, t) -> ops.expm1(t[0], t[1], n));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void masksAgree(int n) {
        for (float at : new float[] {0, Float.MIN_VALUE, 1, Float.POSITIVE_INFINITY}) {
            int magnitude = Float.floatToRawIntBits(at);
            agree(n, (ops, t) -> ops.keepAtLeast(t[0], n, magnitude));
            agree(n, (ops, t) -> ops.keepAbove(t[0], n, magnitude));
            for (long budget : new long[] {0, 1, 3, n}) {
                agree(n, (ops, t) -> t[1][0] = ops.keepSome(t[0], n, magnitude, budget));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void countsAgree(int n) {
        float[] x = values(n, 1);
        int one = Float.floatToRawIntBits(1);
        assertThat(VECTOR.countEqual(x, n, one)).isEqualTo(SCALAR.countEqual(x, n, one));
        assertThat(VECTOR.countEqual(x, n, 0)).isEqualTo(SCALAR.countEqual(x, n, 0));
        float[] y = values(n, 2);
        assertThat(VECTOR.largestMagnitude(x, n)).isEqualTo(SCALAR.largestMagnitude(x, n));
        assertThat(VECTOR.countSigns(x, y, n)).isEqualTo(SCALAR.countSigns(x, y, n));
        assertThat(VECTOR.countSigns(x, x, n)).isEqualTo(SCALAR.countSigns(x, x, n));
        countsAgree(x, n, one, one, 0);
        countsAgree(x, n, one - 9999, one + 1_000_000, 0);
        countsAgree(x, n, one - 9999, one + 1_000_000, 7);
        countsAgree(x, n, 0, 5, 1);
        countsAgree(x, n, 0x7f7f_ffff, 0x7f80_0000, 0);
        countsAgree(x, n, 0, Integer.MAX_VALUE, 20);
    }

    private static void countsAgree(float[] x, int n, int low, int high, int shift) {
        int[] expected = new int[2 * (high - low >> shift) + 2];
        int[] actual = expected.clone();
        int above = SCALAR.countMagnitudes(x, n, low, high, shift, expected);
        assertThat(VECTOR.countMagnitudes(x, n, low, high, shift, actual)).isEqualTo(above);
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void reductionsAgree(int n) {
        float[] a = finite(n, 1);
        float[] b = finite(n, 2);
        double[] expected = new double[TileOps.LANES];
        double[] actual = expected.clone();
        for (int tile = 0; tile < 3; tile++) {
            SCALAR.dot(a, b, n, expected);
            VECTOR.dot(a, b, n, actual);
            assertThat(bits(actual)).isEqualTo(bits(expected));
            SCALAR.absoluteSum(a, n, expected);
            VECTOR.absoluteSum(a, n, actual);
            assertThat(bits(actual)).isEqualTo(bits(expected));
        }
    }

    @Test
    void reductionsAgreeOnNanAndInfinity() {
        float[] x = values(TileOps.TILE, 3);
        double[] expected = new double[TileOps.LANES];
        double[] actual = expected.clone();
        SCALAR.dot(x, x, TileOps.TILE, expected);
        VECTOR.dot(x, x, TileOps.TILE, actual);
        SCALAR.absoluteSum(x, TileOps.TILE, expected);
        VECTOR.absoluteSum(x, TileOps.TILE, actual);
        assertThat(actual).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"})
    void conversionsAgreeOnAnyBytes(DType dtype) {
        sizes().forEach(n -> conversionsAgree(dtype, n));
    }

    private static void conversionsAgree(DType dtype, int n) {
        byte[] noise = new byte[3 + n * dtype.bytes()];
        new Random(4).nextBytes(noise);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(noise.length);
            source.copyFrom(MemorySegment.ofArray(noise));
            float[] expected = new float[n];
            float[] actual = new float[n];
            SCALAR.widen(dtype, source, 3, expected, n);
            VECTOR.widen(dtype, source, 3, actual, n);
            assertThat(rawBits(actual)).isEqualTo(rawBits(expected));

            float[] x = values(n, 5);
            SCALAR.widenDifference(dtype, source, 3, x, expected, n);
            VECTOR.widenDifference(dtype, source, 3, x, actual, n);
            assertThat(bits(actual)).isEqualTo(bits(expected));

            MemorySegment expectedBytes = arena.allocate(noise.length);
            MemorySegment actualBytes = arena.allocate(noise.length);
            SCALAR.narrow(x, n, dtype, expectedBytes, 3);
            VECTOR.narrow(x, n, dtype, actualBytes, 3);
            assertThat(actualBytes.toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(expectedBytes.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void operationsOnBf16Agree(int n) {
        byte[] noise = new byte[3 + 2 * n];
        new Random(6).nextBytes(noise);
        MemorySegment source = Arena.ofAuto().allocate(noise.length);
        source.copyFrom(MemorySegment.ofArray(noise));
        agree(n, (ops, t) -> ops.addDifferenceBf16(source, 3, t[1], 0.3f, t[0], n));
    }

    /// `work` leaves the same in four tiles. Which NaN is not compared.
    private static void agree(int n, BiConsumer<TileOps, float[][]> work) {
        float[][] expected = tiles(n);
        float[][] actual = tiles(n);
        work.accept(SCALAR, expected);
        work.accept(VECTOR, actual);
        for (int i = 0; i < expected.length; i++) {
            assertThat(bits(actual[i])).isEqualTo(bits(expected[i]));
        }
    }

    private static float[][] tiles(int n) {
        int size = Math.max(n, 1);
        return new float[][] {values(size, 1), values(size, 2), values(size, 3), values(size, 4)};
    }

    /// Floats of any exponent, one in four of them special.
    private static float[] values(int n, long seed) {
        Random random = new Random(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] =
                    switch (random.nextInt(4)) {
                        case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
                        case 1 -> Float.intBitsToFloat(random.nextInt());
                        default -> (float) random.nextGaussian();
                    };
        }
        return x;
    }

    private static float[] finite(int n, long seed) {
        float[] x = values(n, seed);
        for (int i = 0; i < n; i++) {
            x[i] = Float.isFinite(x[i]) ? x[i] : 1.5f;
        }
        return x;
    }

    private static int[] bits(float[] x) {
        return IntStream.range(0, x.length).map(i -> Float.floatToIntBits(x[i])).toArray();
    }

    private static int[] rawBits(float[] x) {
        return IntStream.range(0, x.length).map(i -> Float.floatToRawIntBits(x[i])).toArray();
    }

    private static long[] bits(double[] x) {
        return Arrays.stream(x).mapToLong(Double::doubleToLongBits).toArray();
    }
}
