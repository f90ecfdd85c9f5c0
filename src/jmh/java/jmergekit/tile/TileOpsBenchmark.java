package jmergekit.tile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import jmergekit.tensor.DType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Nanoseconds per element of the tile operations, scalar and vector.
///
/// To convert to bytes per second: an operation moves the bytes of its dtype for each element that
/// it reads or writes in a segment, and 4 for each float of a tile. So `widenBf16` at 0.1 ns is 20
/// GB/s from memory, and `addScaled` at 0.1 ns (two reads, one write) is 120 GB/s within the cache.
/// `copyMemory` is the bound for streaming operations: it moves 2 bytes in and 2 bytes out per
/// element.
///
/// Operations that read or write a segment go through [#ELEMENTS] elements of memory, more than the
/// cache holds; the other operations stay in one tile.
///
/// Run:
///
///     scripts/jmh TileOpsBenchmark -wi 3 -w 1s -i 3 -r 300ms -f 1
///
/// The first second is warm-up: until C2 has compiled the vector form it is a hundred times slower.
///
/// It refuses to start unless both forms give the same results.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TileOpsBenchmark {
    private static final int TILE = TileOps.TILE;
    private static final int ELEMENTS = TILE << 13;

    /// 1% of the magnitudes of a normal distribution are above 2.5758; about 1% are in the bracket.
    private static final int THRESHOLD = Float.floatToRawIntBits(2.5758f);

    private static final int LOW = Float.floatToRawIntBits(2.4f);
    private static final int HIGH = Float.floatToRawIntBits(2.8f);

    @Param({"scalar", "vector"})
    private String form;

    private TileOps ops;
    private MemorySegment source;
    private MemorySegment target;
    private int[] bins;
    private final double[] lanes = new double[TileOps.LANES];
    private final float[] a = normal(1);
    private final float[] b = normal(2);
    private final float[] sum = new float[TILE];
    private final float[] divisor = new float[TILE];

    @Setup
    public void prepare() {
        ops = form.equals("scalar") ? new ScalarTileOps() : new VectorTileOps();
        bins = new int[2 * (HIGH - LOW + 1)];
        source = Arena.ofAuto().allocate(4L * ELEMENTS, 64);
        target = Arena.ofAuto().allocate(4L * ELEMENTS, 64);
        for (int i = 0; i < ELEMENTS; i += TILE) {
            ops.narrow(a, TILE, DType.BF16, source, 2L * i);
        }
        checkTwins();
    }

    private void checkTwins() {
        if (!Arrays.equals(allResults(new ScalarTileOps()), allResults(new VectorTileOps()))) {
            throw new IllegalStateException("the scalar and the vector form differ");
        }
    }

    private double[] allResults(TileOps twin) {
        double[] results = new double[TileOps.LANES];
        float[] x = new float[TILE];
        float[] y = a.clone();
        float[] votes = new float[TILE];
        for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16}) {
            twin.narrow(a, TILE, dtype, target, 0);
            twin.widen(dtype, target, 0, x, TILE);
            twin.widenDifference(dtype, target, 0, x, x, TILE);
            twin.addScaled(y, x, 0.3f, TILE);
        }
        twin.addDifferenceBf16(target, 0, a, 0.3f, y, TILE);
        twin.dot(y, votes, TILE, results);
        Arrays.fill(votes, 0);
        twin.dot(y, x, TILE, results);
        results[0] += twin.countMagnitudes(y, TILE, LOW, HIGH, 0, new int[2 * (HIGH - LOW + 1)]);
        twin.keepAtLeast(y, TILE, THRESHOLD);
        twin.elect(y, b, 0.5f, x, votes, TILE);
        twin.dot(x, votes, TILE, results);
        return results;
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public MemorySegment copyMemory() {
        MemorySegment.copy(source, 0, target, 0, 2L * ELEMENTS);
        return target;
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public float[] widenF32() {
        return widen(DType.F32);
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public float[] widenBf16() {
        return widen(DType.BF16);
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public float[] widenDifferenceBf16() {
        for (int i = 0; i < ELEMENTS; i += TILE) {
            ops.widenDifference(DType.BF16, source, 2L * i, a, sum, TILE);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public float[] addDifferenceBf16() {
        for (int i = 0; i < ELEMENTS; i += TILE) {
            ops.addDifferenceBf16(source, 2L * i, a, 0x1p-20f, sum, TILE);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public float[] widenF16() {
        return widen(DType.F16);
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public MemorySegment narrowF32() {
        return narrow(DType.F32);
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public MemorySegment narrowBf16() {
        return narrow(DType.BF16);
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public MemorySegment narrowF16() {
        return narrow(DType.F16);
    }

    @Benchmark
    @OperationsPerInvocation(TILE)
    public float[] addScaled() {
        ops.addScaled(sum, a, 0x1p-20f, TILE);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(TILE)
    public double[] dot() {
        ops.dot(a, b, TILE, lanes);
        return lanes;
    }

    @Benchmark
    @OperationsPerInvocation(TILE)
    public double[] absoluteSum() {
        ops.absoluteSum(a, TILE, lanes);
        return lanes;
    }

    @Benchmark
    @OperationsPerInvocation(TILE)
    public float[] keepAtLeast() {
        System.arraycopy(a, 0, sum, 0, TILE);
        ops.keepAtLeast(sum, TILE, THRESHOLD);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(TILE)
    public float[] elect() {
        ops.elect(a, b, 0x1p-20f, sum, divisor, TILE);
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(TILE)
    public int countMagnitudes() {
        return ops.countMagnitudes(a, TILE, LOW, HIGH, 0, bins);
    }

    private float[] widen(DType dtype) {
        for (int i = 0; i < ELEMENTS; i += TILE) {
            ops.widen(dtype, source, (long) i * dtype.bytes(), sum, TILE);
        }
        return sum;
    }

    private MemorySegment narrow(DType dtype) {
        for (int i = 0; i < ELEMENTS; i += TILE) {
            ops.narrow(a, TILE, dtype, target, (long) i * dtype.bytes());
        }
        return target;
    }

    private static float[] normal(long seed) {
        Random random = new Random(seed);
        float[] x = new float[TILE];
        for (int i = 0; i < TILE; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
