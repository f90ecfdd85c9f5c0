package jmergekit.tile;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.DType;

/// Arithmetic on one tile: a run of at most [#TILE] elements in float arrays that stay in the
/// first-level cache.
///
/// [ScalarTileOps] defines each operation; [VectorTileOps] must give the same bits, on any vector
/// width. That holds because elementwise operations round once per written operation (no fused
/// multiply-add in float32) and reductions add into a fixed number of lanes in a fixed order. Only
/// the sign and payload of a NaN that arithmetic gives are the CPU's affair.
///
/// Magnitudes are compared as integers: the bits of a float without its sign order like the
/// magnitudes themselves, with NaN above infinity. `magnitude` parameters are such bits.
public interface TileOps {
    /// Elements of a full tile.
    int TILE = 4096;

    /// Elements of a tile in passes of few operations: two or three such tiles leave room in the
    /// first-level cache for what is read. Passes of many operations lose more by calling them more
    /// often than they gain.
    int SHORT_TILE = TILE / 4;

    /// Lanes of a reduction: element `i` of a tile is added to lane `i % LANES`.
    int LANES = 16;

    /// Elements that share a scale in [#widenMicroscaled].
    int MX_BLOCK = 32;

    /// Beyond this an exponential is as good as 0 or infinite.
    float MAX_EXPONENT = 86;

    /// The fastest that this machine runs, chosen once for the process. The system property
    /// `jmergekit.tileOps` (`scalar` or `vector`) overrides.
    static TileOps best() {
        return TileOpsChoice.BEST;
    }

    /// The same operations, in the form that is best for a job of so many elements.
    default TileOps forElements(long elements) {
        return this;
    }

    /// Reads `n` elements, exactly for every dtype but F64, I64, U64, I32 and U32, which round to
    /// nearest even. BOOL gives 0 or 1 (any nonzero byte is 1). `byteOffset` needs no alignment.
    void widen(DType from, MemorySegment source, long byteOffset, float[] into, int n);

    /// `into = x - base`, where `x` is what [#widen] reads; arrays may be the same. In one loop, so
    /// that no tile is written only to be read again.
    void widenDifference(
            DType from, MemorySegment source, long byteOffset, float[] base, float[] into, int n);

    /// `sum += factor * (x - base)`, where `x` is what [#widen] reads from BF16, rounded after each
    /// operation.
    void addDifferenceBf16(
            MemorySegment source, long byteOffset, float[] base, float factor, float[] sum, int n);

    /// The same floats where each has a factor of its own, eight to a word, the first one in its low bits.
    /// The first factor is that of the first word; `into` is filled from `to` on.
    void widenMicroscaled(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count);

    /// Reads blocks of [#MX_BLOCK] floats of four bits, E2M1, the first one of each byte in its low
    /// bits, and multiplies them by the F8_E8M0 of their block. `into` is filled from `at` on; offsets
    /// are those of the first block, in bytes, and need no alignment.
    void widenMicroscaled(
            MemorySegment codes,
            long byteOffset,
            MemorySegment scales,
            long scaleOffset,
            float[] into,
            int at,
            int blocks);

    /// Writes `n` elements rounded to nearest even. Out of range gives infinity in F16, BF16 and
    /// F8_E5M2, and NaN in F8_E4M3, which has no infinity. Integer dtypes round to nearest even and
    /// saturate, and NaN gives 0; BOOL gives 0 for zero and 1 for the rest. F8_E8M0 is for powers of
    /// two.
    ///
    /// NaN is written as the one positive NaN that PyTorch writes: which sign and payload a sum of
    /// NaNs has depends on the CPU. `byteOffset` needs no alignment.
    void narrow(float[] from, int n, DType to, MemorySegment target, long byteOffset);

    /// `into = a - b`. Arrays may be the same.
    void subtract(float[] a, float[] b, float[] into, int n);

    /// `into = factor * x`. Arrays may be the same.
    void scale(float[] x, float factor, float[] into, int n);

    /// `sum += x`.
    void add(float[] sum, float[] x, int n);

    /// `sum += factor * x`, rounded after the product and after the sum.
    void addScaled(float[] sum, float[] x, float factor, int n);

    /// Zeroes (as +0) the elements whose magnitude is below `magnitude`.
    void keepAtLeast(float[] x, int n, int magnitude);

    /// Zeroes (as +0) the elements whose magnitude is not above `magnitude`.
    void keepAbove(float[] x, int n, int magnitude);

    /// Zeroes (as +0) the elements whose magnitude is below `magnitude`, and those equal to it
    /// after the first `budget` of them. Returns how many equal ones were kept.
    int keepSome(float[] x, int n, int magnitude, long budget);

    /// How many elements have exactly this magnitude.
    int countEqual(float[] x, int n, int magnitude);

    /// The greatest magnitude; that of NaN if there is one.
    int largestMagnitude(float[] x, int n);

    /// At how many elements both arrays are not 0, in the low 32 bits, and at how many of them the
    /// signs differ, in the high ones.
    long countSigns(float[] a, float[] b, int n);

    /// Sorts magnitudes into those above `high` (the result counts them), those in `low ..= high` and
    /// those below (not counted). One inside belongs to bin `(magnitude - low) >> shift`:
    /// `bins[2 * bin]` counts it, and in `bins[2 * bin + 1]` the bits that the shift loses are set. As
    /// long as that is 0, all in the bin are equal. `bins` has at least `2 * ((high - low) >> shift) +
    /// 2` entries.
    int countMagnitudes(float[] x, int n, int low, int high, int shift, int[] bins);

    /// `lanes[i % LANES] += (double) a[i] * b[i]`, in order of `i`.
    void dot(float[] a, float[] b, int n, double[] lanes);

    /// `lanes[i % LANES] += |x[i]|`, in order of `i`.
    void absoluteSum(float[] x, int n, double[] lanes);

    /// The vote of TIES: where `x` is not zero and has the sign of `majority` (0 and NaN count as
    /// positive), `sum += x` and `divisor += weight`. An `x` of NaN always takes part, so that it
    /// shows in the sum instead of vanishing.
    void elect(float[] x, float[] majority, float weight, float[] sum, float[] divisor, int n);

    /// `sum /= divisor`, a divisor of exactly 0 counting as 1.
    void divide(float[] sum, float[] divisor, int n);

    /// `into = base + factor * sum`, rounded after the product and after the sum. Arrays may be the
    /// same.
    void addTo(float[] base, float[] sum, float factor, float[] into, int n);

    /// `into = share * sum((x - mean)^2)` over the arrays, where `mean = sum(share * x)`: in float64,
    /// rounded after each operation, and to float32 in the end.
    void variance(float[][] xs, double share, float[] into, int n);

    /// `sum += x * factors`, rounded after the product and after the sum.
    void addProduct(float[] sum, float[] x, float[] factors, int n);

    /// `sums[i] += (double) a[i] * b[i]`.
    void addProducts(float[] a, float[] b, int n, double[] sums);

    /// Zeroes (as +0) the elements whose draw is not below [CounterRandom#limit] of a density:
    /// element `i` of the tile is element `from + i` of the tensor.
    void keepBernoulli(float[] x, int n, long key, long from, int limit);

    /// The same with a limit for each element.
    void keepBernoulli(float[] x, int n, long key, long from, int[] limits);

    /// Zeroes (as +0) the elements where `selector` is zero.
    void keepWhere(float[] x, float[] selector, int n);

    /// Zeroes (as +0) the elements where `selector` is not zero.
    void dropWhere(float[] x, float[] selector, int n);

    /// Zeroes (as +0) the elements whose bit is not set: that of element `i` of the tile is bit
    /// `(from + i) % 64` of word `(from + i) / 64`. `from` is a multiple of 64.
    void keepBits(float[] x, long[] words, int from, int n);

    /// Sets the words of [#keepBits] to keep what is not 0.
    void markNonzero(float[] x, long[] words, int from, int n);

    /// `into += w * (x - into)` with `w = t / max(|x - into|, 1e-6)`, at least 0 and at most 1.
    void nearSwap(float[] into, float[] x, float t, int n);

    /// Where the magnitude of `x` is above `least` (NaN is): `sum += x`, `scaled += factor * x` and
    /// `count += 1`.
    void contribute(
            float[] x,
            float least,
            float factor,
            float[] sum,
            float[] scaled,
            float[] count,
            int n);

    /// How many elements have a magnitude above `least` and a `count` of at most `most`.
    int countContributions(float[] x, float least, float[] count, float most, int n);

    /// `sum = sum / count` where `count` is above 1, and `scaled` elsewhere.
    void meanOrSole(float[] sum, float[] scaled, float[] count, int n);

    /// `into = x` where `score >= threshold` or the score is NaN.
    void replaceAtLeast(float[] into, float[] x, float[] score, float threshold, int n);

    /// The largest element; NaN if there is one.
    float largest(float[] x, int n);

    /// `into = e^(x - shift)`, exponents held to [#MAX_EXPONENT] in size. Arrays may be the same.
    void exp(float[] x, float shift, float[] into, int n);

    /// `into = e^x - 1`, exponents held to [#MAX_EXPONENT] in size. Arrays may be the same.
    void expm1(float[] x, float[] into, int n);

    /// Adds to the lanes, element `i` to lane `i % LANES`, in order of `i`: `w` to `lanes[0]`, `w g`
    /// to `lanes[1]` and `(w + w g) d` to `lanes[2]`, each product in float64.
    void addTilted(float[] w, float[] g, float[] d, int n, double[][] lanes);
}
