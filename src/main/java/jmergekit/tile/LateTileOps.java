package jmergekit.tile;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import jmergekit.tensor.DType;

/// Uses plain loops until enough elements were processed for faster operations to be worth loading.
///
/// The classes of the Vector API take a tenth of a second to load and compile, more than a small
/// merge needs for all its arithmetic.
final class LateTileOps implements TileOps {
    /// Elements processed by all operations together. The plain loops need some hundredths of a
    /// second for them.
    static final long ENOUGH = 1L << 24;

    /// The approximate number of operations per element in a merge.
    private static final int OPERATIONS = 8;

    private final Supplier<TileOps> later;
    private final AtomicBoolean loading = new AtomicBoolean();
    private long left = ENOUGH;
    private TileOps now = new ScalarTileOps();

    /// @param later the operations for the rest, with the same results
    LateTileOps(Supplier<TileOps> later) {
        this.later = later;
    }

    /// Returns the underlying operations: a level of indirection would keep the compiler from
    /// specialising each loop.
    @Override
    public TileOps forElements(long elements) {
        return ops(elements * OPERATIONS > left ? left : elements);
    }

    /// Threads may see a stale value of either field; they then use the plain loops a little
    /// longer.
    private TileOps ops(long n) {
        if (left > 0) {
            left -= n;
        }
        if (left <= 0 && !loading.get() && loading.compareAndSet(false, true)) {
            now = later.get();
        }
        return now;
    }

    @Override
    public void widen(DType from, MemorySegment source, long byteOffset, float[] into, int n) {
        ops(n).widen(from, source, byteOffset, into, n);
    }

    @Override
    public void widenDifference(
            DType from, MemorySegment source, long byteOffset, float[] base, float[] into, int n) {
        ops(n).widenDifference(from, source, byteOffset, base, into, n);
    }

    @Override
    public void addDifferenceBf16(
            MemorySegment source, long byteOffset, float[] base, float factor, float[] sum, int n) {
        ops(n).addDifferenceBf16(source, byteOffset, base, factor, sum, n);
    }

    @Override
    public void widenMicroscaled(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count) {
        ops(count).widenMicroscaled(words, word, factors, factor, into, to, count);
    }

    @Override
    public void widenMicroscaled(
            MemorySegment codes,
            long byteOffset,
            MemorySegment scales,
            long scaleOffset,
            float[] into,
            int at,
            int blocks) {
        ops(blocks * MX_BLOCK)
                .widenMicroscaled(codes, byteOffset, scales, scaleOffset, into, at, blocks);
    }

    @Override
    public void narrow(float[] from, int n, DType to, MemorySegment target, long byteOffset) {
        ops(n).narrow(from, n, to, target, byteOffset);
    }

    @Override
    public void subtract(float[] a, float[] b, float[] into, int n) {
        ops(n).subtract(a, b, into, n);
    }

    @Override
    public void scale(float[] x, float factor, float[] into, int n) {
        ops(n).scale(x, factor, into, n);
    }

    @Override
    public void add(float[] sum, float[] x, int n) {
        ops(n).add(sum, x, n);
    }

    @Override
    public void addScaled(float[] sum, float[] x, float factor, int n) {
        ops(n).addScaled(sum, x, factor, n);
    }

    @Override
    public void keepAtLeast(float[] x, int n, int magnitude) {
        ops(n).keepAtLeast(x, n, magnitude);
    }

    @Override
    public void keepAbove(float[] x, int n, int magnitude) {
        ops(n).keepAbove(x, n, magnitude);
    }

    @Override
    public int keepSome(float[] x, int n, int magnitude, long budget) {
        return ops(n).keepSome(x, n, magnitude, budget);
    }

    @Override
    public int countEqual(float[] x, int n, int magnitude) {
        return ops(n).countEqual(x, n, magnitude);
    }

    @Override
    public int largestMagnitude(float[] x, int n) {
        return ops(n).largestMagnitude(x, n);
    }

    @Override
    public long countSigns(float[] a, float[] b, int n) {
        return ops(n).countSigns(a, b, n);
    }

    @Override
    public int countMagnitudes(float[] x, int n, int low, int high, int shift, int[] bins) {
        return ops(n).countMagnitudes(x, n, low, high, shift, bins);
    }

    @Override
    public void dot(float[] a, float[] b, int n, double[] lanes) {
        ops(n).dot(a, b, n, lanes);
    }

    @Override
    public void absoluteSum(float[] x, int n, double[] lanes) {
        ops(n).absoluteSum(x, n, lanes);
    }

    @Override
    public void elect(
            float[] x, float[] majority, float weight, float[] sum, float[] divisor, int n) {
        ops(n).elect(x, majority, weight, sum, divisor, n);
    }

    @Override
    public void divide(float[] sum, float[] divisor, int n) {
        ops(n).divide(sum, divisor, n);
    }

    @Override
    public void addTo(float[] base, float[] sum, float factor, float[] into, int n) {
        ops(n).addTo(base, sum, factor, into, n);
    }

    @Override
    public void variance(float[][] xs, double share, float[] into, int n) {
        ops(n).variance(xs, share, into, n);
    }

    @Override
    public void addProduct(float[] sum, float[] x, float[] factors, int n) {
        ops(n).addProduct(sum, x, factors, n);
    }

    @Override
    public void addProducts(float[] a, float[] b, int n, double[] sums) {
        ops(n).addProducts(a, b, n, sums);
    }

    @Override
    public void keepBernoulli(float[] x, int n, long key, long from, int limit) {
        ops(n).keepBernoulli(x, n, key, from, limit);
    }

    @Override
    public void keepBernoulli(float[] x, int n, long key, long from, int[] limits) {
        ops(n).keepBernoulli(x, n, key, from, limits);
    }

    @Override
    public void keepWhere(float[] x, float[] selector, int n) {
        ops(n).keepWhere(x, selector, n);
    }

    @Override
    public void dropWhere(float[] x, float[] selector, int n) {
        ops(n).dropWhere(x, selector, n);
    }

    @Override
    public void keepBits(float[] x, long[] words, int from, int n) {
        ops(n).keepBits(x, words, from, n);
    }

    @Override
    public void markNonzero(float[] x, long[] words, int from, int n) {
        ops(n).markNonzero(x, words, from, n);
    }

    @Override
    public void nearSwap(float[] into, float[] x, float t, int n) {
        ops(n).nearSwap(into, x, t, n);
    }

    @Override
    public void contribute(
            float[] x,
            float least,
            float factor,
            float[] sum,
            float[] scaled,
            float[] count,
            int n) {
        ops(n).contribute(x, least, factor, sum, scaled, count, n);
    }

    @Override
    public int countContributions(float[] x, float least, float[] count, float most, int n) {
        return ops(n).countContributions(x, least, count, most, n);
    }

    @Override
    public void meanOrSole(float[] sum, float[] scaled, float[] count, int n) {
        ops(n).meanOrSole(sum, scaled, count, n);
    }

    @Override
    public void replaceAtLeast(float[] into, float[] x, float[] score, float threshold, int n) {
        ops(n).replaceAtLeast(into, x, score, threshold, n);
    }

    @Override
    public float largest(float[] x, int n) {
        return ops(n).largest(x, n);
    }

    @Override
    public void exp(float[] x, float shift, float[] into, int n) {
        ops(n).exp(x, shift, into, n);
    }

    @Override
    public void expm1(float[] x, float[] into, int n) {
        ops(n).expm1(x, into, n);
    }

    @Override
    public void addTilted(float[] w, float[] g, float[] d, int n, double[][] lanes) {
        ops(n).addTilted(w, g, d, n, lanes);
    }
}
