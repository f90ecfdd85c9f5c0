package jmergekit.tile;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.DType;

/// The definition of each operation, as a plain loop.
///
/// The static forms work on elements `from` to `end`; [VectorTileOps] uses them for the elements
/// after the last full vector.
public class ScalarTileOps implements TileOps {
    static final int NAN_MAGNITUDE = SmallFloat.F32_INFINITY + 1;

    @Override
    public void widen(DType from, MemorySegment source, long byteOffset, float[] into, int n) {
        ScalarConversion.widen(from, source, byteOffset, into, n);
    }

    @Override
    public void widenDifference(
            DType from, MemorySegment source, long byteOffset, float[] base, float[] into, int n) {
        if (from == DType.BF16) {
            ScalarBf16.widenDifference(source, byteOffset, base, into, 0, n);
        } else {
            widen(from, source, byteOffset, into, n);
            subtract(into, base, into, n);
        }
    }

    @Override
    public void addDifferenceBf16(
            MemorySegment source, long byteOffset, float[] base, float factor, float[] sum, int n) {
        ScalarBf16.addDifference(source, byteOffset, base, factor, sum, 0, n);
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
        Microscaling.widen(codes, byteOffset, scales, scaleOffset, into, at, blocks);
    }

    @Override
    public void widenMicroscaled(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count) {
        Microscaling.widen(words, word, factors, factor, into, to, count);
    }

    @Override
    public void narrow(float[] from, int n, DType to, MemorySegment target, long byteOffset) {
        ScalarConversion.narrow(from, n, to, target, byteOffset);
    }

    @Override
    public void subtract(float[] a, float[] b, float[] into, int n) {
        for (int i = 0; i < n; i++) {
            into[i] = a[i] - b[i];
        }
    }

    @Override
    public void scale(float[] x, float factor, float[] into, int n) {
        for (int i = 0; i < n; i++) {
            into[i] = factor * x[i];
        }
    }

    @Override
    public void add(float[] sum, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i];
        }
    }

    @Override
    public void addScaled(float[] sum, float[] x, float factor, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += factor * x[i];
        }
    }

    @Override
    public void keepAtLeast(float[] x, int n, int magnitude) {
        keepAtLeast(x, magnitude, 0, n);
    }

    static void keepAtLeast(float[] x, int magnitude, int from, int end) {
        for (int i = from; i < end; i++) {
            if (magnitude(x[i]) < magnitude) {
                x[i] = 0;
            }
        }
    }

    @Override
    public void keepAbove(float[] x, int n, int magnitude) {
        keepAbove(x, magnitude, 0, n);
    }

    static void keepAbove(float[] x, int magnitude, int from, int end) {
        for (int i = from; i < end; i++) {
            if (magnitude(x[i]) <= magnitude) {
                x[i] = 0;
            }
        }
    }

    @Override
    public int keepSome(float[] x, int n, int magnitude, long budget) {
        return keepSome(x, magnitude, budget, 0, n);
    }

    static int keepSome(float[] x, int magnitude, long budget, int from, int end) {
        int kept = 0;
        for (int i = from; i < end; i++) {
            int m = magnitude(x[i]);
            if (m == magnitude && kept < budget) {
                kept++;
            } else if (m <= magnitude) {
                x[i] = 0;
            }
        }
        return kept;
    }

    @Override
    public int countEqual(float[] x, int n, int magnitude) {
        return countEqual(x, magnitude, 0, n);
    }

    static int countEqual(float[] x, int magnitude, int from, int end) {
        int count = 0;
        for (int i = from; i < end; i++) {
            if (magnitude(x[i]) == magnitude) {
                count++;
            }
        }
        return count;
    }

    @Override
    public int largestMagnitude(float[] x, int n) {
        return ScalarSigns.largestMagnitude(x, 0, n);
    }

    @Override
    public long countSigns(float[] a, float[] b, int n) {
        return ScalarSigns.count(a, b, 0, n);
    }

    @Override
    public int countMagnitudes(float[] x, int n, int low, int high, int shift, int[] bins) {
        return countMagnitudes(x, low, high, shift, bins, 0, n);
    }

    static int countMagnitudes(
            float[] x, int low, int high, int shift, int[] bins, int from, int end) {
        int above = 0;
        for (int i = from; i < end; i++) {
            int m = magnitude(x[i]);
            if (m > high) {
                above++;
            } else if (m >= low) {
                countInside(m - low, shift, bins);
            }
        }
        return above;
    }

    static void countInside(int distance, int shift, int[] bins) {
        int bin = distance >> shift;
        bins[2 * bin]++;
        bins[2 * bin + 1] |= distance - (bin << shift);
    }

    @Override
    public void dot(float[] a, float[] b, int n, double[] lanes) {
        int bound = n - n % LANES;
        for (int i = 0; i < bound; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += (double) a[i + lane] * b[i + lane];
            }
        }
        dot(a, b, lanes, bound, n);
    }

    /// The last elements, fewer than the number of lanes.
    static void dot(float[] a, float[] b, double[] lanes, int from, int end) {
        for (int i = from; i < end; i++) {
            lanes[i - from] += (double) a[i] * b[i];
        }
    }

    @Override
    public void absoluteSum(float[] x, int n, double[] lanes) {
        int bound = n - n % LANES;
        for (int i = 0; i < bound; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += Math.abs(x[i + lane]);
            }
        }
        absoluteSum(x, lanes, bound, n);
    }

    /// The last elements, fewer than the number of lanes.
    static void absoluteSum(float[] x, double[] lanes, int from, int end) {
        for (int i = from; i < end; i++) {
            lanes[i - from] += Math.abs(x[i]);
        }
    }

    @Override
    public void elect(
            float[] x, float[] majority, float weight, float[] sum, float[] divisor, int n) {
        elect(x, majority, weight, sum, divisor, 0, n);
    }

    static void elect(
            float[] x,
            float[] majority,
            float weight,
            float[] sum,
            float[] divisor,
            int from,
            int end) {
        for (int i = from; i < end; i++) {
            float agreement = majority[i] < 0 ? -x[i] : x[i];
            boolean refused = agreement <= 0;
            if (!refused) {
                sum[i] += x[i];
                divisor[i] += weight;
            }
        }
    }

    @Override
    public void divide(float[] sum, float[] divisor, int n) {
        divide(sum, divisor, 0, n);
    }

    static void divide(float[] sum, float[] divisor, int from, int end) {
        for (int i = from; i < end; i++) {
            sum[i] /= divisor[i] == 0 ? 1 : divisor[i];
        }
    }

    @Override
    public void addTo(float[] base, float[] sum, float factor, float[] into, int n) {
        for (int i = 0; i < n; i++) {
            into[i] = base[i] + factor * sum[i];
        }
    }

    @Override
    public void variance(float[][] xs, double share, float[] into, int n) {
        variance(xs, share, into, 0, n);
    }

    static void variance(float[][] xs, double share, float[] into, int from, int end) {
        for (int i = from; i < end; i++) {
            double mean = 0;
            for (float[] x : xs) {
                mean += share * x[i];
            }
            double squares = 0;
            for (float[] x : xs) {
                double distance = x[i] - mean;
                squares += distance * distance;
            }
            into[i] = (float) (share * squares);
        }
    }

    @Override
    public void addProduct(float[] sum, float[] x, float[] factors, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i] * factors[i];
        }
    }

    @Override
    public void addProducts(float[] a, float[] b, int n, double[] sums) {
        for (int i = 0; i < n; i++) {
            sums[i] += (double) a[i] * b[i];
        }
    }

    @Override
    public void keepBernoulli(float[] x, int n, long key, long from, int limit) {
        keepBernoulli(x, key, from, limit, 0, n);
    }

    @Override
    public void keepBernoulli(float[] x, int n, long key, long from, int[] limits) {
        keepBernoulli(x, key, from, limits, 0, n);
    }

    static void keepBernoulli(float[] x, long key, long from, int[] limits, int first, int end) {
        int firstKey = CounterRandom.firstKey(key, from);
        int secondKey = CounterRandom.secondKey(key);
        for (int i = first; i < end; i++) {
            int drawn = CounterRandom.bits(firstKey, secondKey, (int) from + i);
            if (Integer.compareUnsigned(drawn, limits[i]) >= 0) {
                x[i] = 0;
            }
        }
    }

    static void keepBernoulli(float[] x, long key, long from, int limit, int first, int end) {
        int firstKey = CounterRandom.firstKey(key, from);
        int secondKey = CounterRandom.secondKey(key);
        for (int i = first; i < end; i++) {
            int drawn = CounterRandom.bits(firstKey, secondKey, (int) from + i);
            if (Integer.compareUnsigned(drawn, limit) >= 0) {
                x[i] = 0;
            }
        }
    }

    @Override
    public void keepWhere(float[] x, float[] selector, int n) {
        keepWhere(x, selector, 0, n);
    }

    static void keepWhere(float[] x, float[] selector, int from, int end) {
        for (int i = from; i < end; i++) {
            if (selector[i] == 0) {
                x[i] = 0;
            }
        }
    }

    @Override
    public void dropWhere(float[] x, float[] selector, int n) {
        dropWhere(x, selector, 0, n);
    }

    static void dropWhere(float[] x, float[] selector, int from, int end) {
        for (int i = from; i < end; i++) {
            if (selector[i] != 0) {
                x[i] = 0;
            }
        }
    }

    @Override
    public void keepBits(float[] x, long[] words, int from, int n) {
        keepBits(x, words, from, 0, n);
    }

    static void keepBits(float[] x, long[] words, int from, int first, int end) {
        for (int i = first; i < end; i++) {
            if ((words[from + i >> 6] >>> i & 1) == 0) {
                x[i] = 0;
            }
        }
    }

    @Override
    public void markNonzero(float[] x, long[] words, int from, int n) {
        markNonzero(x, words, from, 0, n);
    }

    /// Bits are ORed into words that contain elements before `first`; other words are overwritten.
    static void markNonzero(float[] x, long[] words, int from, int first, int end) {
        for (int i = first; i < end; i++) {
            if ((i & 63) == 0) {
                words[from + i >> 6] = 0;
            }
            words[from + i >> 6] |= (x[i] == 0 ? 0L : 1L) << i;
        }
    }

    @Override
    public void nearSwap(float[] into, float[] x, float t, int n) {
        for (int i = 0; i < n; i++) {
            float difference = x[i] - into[i];
            float share = t / Math.max(Math.abs(difference), 1e-6f);
            into[i] += Math.min(Math.max(share, 0), 1) * difference;
        }
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
        ScalarContribution.contribute(x, least, factor, sum, scaled, count, 0, n);
    }

    @Override
    public int countContributions(float[] x, float least, float[] count, float most, int n) {
        return ScalarContribution.countContributions(x, least, count, most, 0, n);
    }

    @Override
    public void meanOrSole(float[] sum, float[] scaled, float[] count, int n) {
        ScalarContribution.meanOrSole(sum, scaled, count, 0, n);
    }

    @Override
    public void replaceAtLeast(float[] into, float[] x, float[] score, float threshold, int n) {
        replaceAtLeast(into, x, score, threshold, 0, n);
    }

    static void replaceAtLeast(
            float[] into, float[] x, float[] score, float threshold, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!(score[i] < threshold)) {
                into[i] = x[i];
            }
        }
    }

    @Override
    public float largest(float[] x, int n) {
        float largest = x[0];
        for (int i = 1; i < n; i++) {
            largest = Math.max(largest, x[i]);
        }
        return largest;
    }

    @Override
    public void exp(float[] x, float shift, float[] into, int n) {
        ScalarExponential.exp(x, shift, into, 0, n);
    }

    @Override
    public void expm1(float[] x, float[] into, int n) {
        ScalarExponential.expm1(x, into, 0, n);
    }

    @Override
    public void addTilted(float[] w, float[] g, float[] d, int n, double[][] lanes) {
        for (int i = 0; i < n; i++) {
            int lane = i % LANES;
            double grown = (double) w[i] * g[i];
            lanes[0][lane] += w[i];
            lanes[1][lane] += grown;
            lanes[2][lane] += (w[i] + grown) * d[i];
        }
    }

    /// Magnitudes as integers that compare like the magnitudes. All NaNs map to one magnitude above
    /// infinity: the bits of a NaN depend on the processor that computed it.
    public static int magnitude(float x) {
        return Math.min(Float.floatToRawIntBits(x) & Integer.MAX_VALUE, NAN_MAGNITUDE);
    }
}
