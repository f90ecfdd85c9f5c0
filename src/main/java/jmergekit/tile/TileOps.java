package jmergekit.tile;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.DType;

/// Arithmetic on one tile: at most [#TILE] consecutive elements in float arrays that stay in the
/// first-level cache.
///
/// [ScalarTileOps] defines each operation; [VectorTileOps] must give the same bits, for any vector
/// width. This holds because elementwise operations round once per written operation (no fused
/// multiply-add in float32) and reductions add into a fixed number of lanes in a fixed order. Only
/// the sign and payload of a NaN computed by arithmetic depend on the CPU.
///
/// Magnitudes are compared as integers: the bits of a float without its sign are ordered like the
/// magnitudes themselves, with NaN above infinity. `magnitude` parameters are such bits.
public interface TileOps {
    /// Elements of a full tile.
    int TILE = 4096;

    /// Elements of a tile in passes with few operations: with two or three such tiles, the
    /// first-level cache still has space for the input. Passes with many operations would lose more
    /// by the additional calls than they gain.
    int SHORT_TILE = TILE / 4;

    /// Lanes of a reduction: element `i` of a tile is added to lane `i % LANES`.
    int LANES = 16;

    /// Elements that share a scale in [#widenMicroscaled].
    int MX_BLOCK = 32;

    /// Beyond this an exponential is treated as 0 or infinite.
    float MAX_EXPONENT = 86;

    /// The fastest implementation for this machine, chosen once per process. The system property
    /// `jmergekit.tileOps` (`scalar` or `vector`) overrides the choice.
    static TileOps best() {
        return TileOpsChoice.BEST;
    }

    /// The same operations, in the best form for a job with this many elements.
    default TileOps forElements(long elements) {
        return this;
    }

    /// Reads `n` elements. The conversion is exact for every dtype except F64, I64, U64, I32 and
    /// U32, which round to nearest even. BOOL gives 0 or 1 (any nonzero byte is 1). `byteOffset`
    /// needs no alignment.
    void widen(DType from, MemorySegment source, long byteOffset, float[] into, int n);

    /// `into = x - base`, where `x` is what [#widen] reads; arrays may be the same. A single loop
    /// avoids writing a tile just to read it again.
    void widenDifference(
            DType from, MemorySegment source, long byteOffset, float[] base, float[] into, int n);

    /// `sum += factor * (x - base)`, where `x` is what [#widen] reads from BF16, rounded after each
    /// operation.
    void addDifferenceBf16(
            MemorySegment source, long byteOffset, float[] base, float factor, float[] sum, int n);

    /// Reads `count` words of eight E2M1 floats each, with the first one in the low bits, and
    /// multiplies each float by its own factor. The first factor belongs to the first word's first
    /// float; `into` is filled from `to`.
    void widenMicroscaled(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count);

    /// Reads blocks of [#MX_BLOCK] E2M1 floats, with the first one of each byte in its low bits,
    /// and multiplies them by the F8_E8M0 scale of their block. `into` is filled from `at`; offsets
    /// refer to the first block, in bytes, and need no alignment.
    void widenMicroscaled(
            MemorySegment codes,
            long byteOffset,
            MemorySegment scales,
            long scaleOffset,
            float[] into,
            int at,
            int blocks);

    /// Writes `n` elements rounded to nearest even. Out-of-range values give infinity in F16, BF16
    /// and F8_E5M2, and NaN in F8_E4M3, which has no infinity. Integer dtypes round to nearest even
    /// and saturate, and NaN gives 0; BOOL gives 0 for zero and 1 otherwise. F8_E8M0 is for powers
    /// of two.
    ///
    /// NaN is written as the one positive NaN that PyTorch writes: the sign and payload of a sum of
    /// NaNs depend on the CPU. `byteOffset` needs no alignment.
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
    /// after the first `budget` of them. Returns the number of equal ones that were kept.
    int keepSome(float[] x, int n, int magnitude, long budget);

    /// The number of elements with exactly this magnitude.
    int countEqual(float[] x, int n, int magnitude);

    /// The greatest magnitude; NaN's if there is a NaN.
    int largestMagnitude(float[] x, int n);

    /// The number of elements at which both arrays are nonzero, in the low 32 bits, and the number
    /// of those at which the signs differ, in the high ones.
    long countSigns(float[] a, float[] b, int n);

    /// Sorts magnitudes into those above `high` (counted in the result), those in `low ..= high`,
    /// and those below (not counted). A magnitude in the range belongs to bin `(magnitude - low) >>
    /// shift`: `bins[2 * bin]` is its count, and `bins[2 * bin + 1]` collects by OR the bits lost
    /// in the shift. As long as that is 0, all magnitudes in the bin are equal. `bins` has at least
    /// `2 * ((high - low) >> shift) + 2` entries.
    int countMagnitudes(float[] x, int n, int low, int high, int shift, int[] bins);

    /// `lanes[i % LANES] += (double) a[i] * b[i]`, in order of `i`.
    void dot(float[] a, float[] b, int n, double[] lanes);

    /// `lanes[i % LANES] += |x[i]|`, in order of `i`.
    void absoluteSum(float[] x, int n, double[] lanes);

    /// The vote of TIES: where `x` is nonzero and has the sign of `majority` (0 and NaN count as
    /// positive), `sum += x` and `divisor += weight`. An `x` of NaN always takes part, so that it
    /// is visible in the sum.
    void elect(float[] x, float[] majority, float weight, float[] sum, float[] divisor, int n);

    /// `sum /= divisor`, where a divisor of exactly 0 counts as 1.
    void divide(float[] sum, float[] divisor, int n);

    /// `into = base + factor * sum`, rounded after the product and after the sum. Arrays may be the
    /// same.
    void addTo(float[] base, float[] sum, float factor, float[] into, int n);

    /// `into = share * sum((x - mean)^2)` over the arrays, where `mean = sum(share * x)`: computed
    /// in float64, rounded after each operation, and finally rounded to float32.
    void variance(float[][] xs, double share, float[] into, int n);

    /// `sum += x * factors`, rounded after the product and after the sum.
    void addProduct(float[] sum, float[] x, float[] factors, int n);

    /// `sums[i] += (double) a[i] * b[i]`.
    void addProducts(float[] a, float[] b, int n, double[] sums);

    /// Zeroes (as +0) the elements whose draw is not below [CounterRandom#limit] of a density:
    /// element `i` of the tile is element `from + i` of the tensor.
    void keepBernoulli(float[] x, int n, long key, long from, int limit);

    /// The same, with a separate limit for each element.
    void keepBernoulli(float[] x, int n, long key, long from, int[] limits);

    /// Zeroes (as +0) the elements where `selector` is zero.
    void keepWhere(float[] x, float[] selector, int n);

    /// Zeroes (as +0) the elements where `selector` is not zero.
    void dropWhere(float[] x, float[] selector, int n);

    /// Zeroes (as +0) the elements whose bit is not set: element `i` of the tile has bit `(from +
    /// i) % 64` of word `(from + i) / 64`. `from` is a multiple of 64.
    void keepBits(float[] x, long[] words, int from, int n);

    /// Sets the words of [#keepBits] so that nonzero elements are kept.
    void markNonzero(float[] x, long[] words, int from, int n);

    /// `into += w * (x - into)` with `w = t / max(|x - into|, 1e-6)`, clamped to the range 0 to 1.
    void nearSwap(float[] into, float[] x, float t, int n);

    /// Where the magnitude of `x` is above `least` (as for NaN): `sum += x`, `scaled += factor * x`
    /// and `count += 1`.
    void contribute(
            float[] x,
            float least,
            float factor,
            float[] sum,
            float[] scaled,
            float[] count,
            int n);

    /// The number of elements with a magnitude above `least` and a `count` of at most `most`.
    int countContributions(float[] x, float least, float[] count, float most, int n);

    /// `sum = sum / count` where `count` is above 1, and `scaled` elsewhere.
    void meanOrSole(float[] sum, float[] scaled, float[] count, int n);

    /// `into = x` where `score >= threshold` or the score is NaN.
    void replaceAtLeast(float[] into, float[] x, float[] score, float threshold, int n);

    /// The largest element; NaN if there is one.
    float largest(float[] x, int n);

    /// `into = e^(x - shift)`, with exponents clamped to ±[#MAX_EXPONENT]. Arrays may be the same.
    void exp(float[] x, float shift, float[] into, int n);

    /// `into = e^x - 1`, with exponents clamped to ±[#MAX_EXPONENT]. Arrays may be the same.
    void expm1(float[] x, float[] into, int n);

    /// Adds to the lanes, element `i` to lane `i % LANES`, in order of `i`: `w` to `lanes[0]`, `w g`
    /// to `lanes[1]` and `(w + w g) d` to `lanes[2]`, each product in float64.
    void addTilted(float[] w, float[] g, float[] d, int n, double[][] lanes);
}
