package jmergekit.tile;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import jmergekit.tensor.DType;

/// [ScalarTileOps] with the Vector API, giving the same bits.
///
/// Overrides only what C2 does not vectorise automatically: loops with comparisons or with the bits
/// of floats. A merge starts cold, and until C2 has compiled a method that uses the Vector API,
/// every vector in it is an object, a hundred times slower than a plain loop. So each operation is
/// a single loop in a separate method.
final class VectorTileOps extends ScalarTileOps {
    private static final VectorSpecies<Float> FLOATS = VectorShapes.FLOATS;
    private static final int STEP = FLOATS.length();

    @Override
    public void widen(DType from, MemorySegment source, long byteOffset, float[] into, int n) {
        if (from != DType.BF16) {
            super.widen(from, source, byteOffset, into, n);
            return;
        }
        int bound = FLOATS.loopBound(n);
        VectorBf16.widen(source, byteOffset, into, bound);
        ScalarConversion.widenBf16(source, byteOffset, into, bound, n);
    }

    @Override
    public void widenDifference(
            DType from, MemorySegment source, long byteOffset, float[] base, float[] into, int n) {
        if (from != DType.BF16) {
            super.widenDifference(from, source, byteOffset, base, into, n);
            return;
        }
        int bound = FLOATS.loopBound(n);
        VectorBf16.widenDifference(source, byteOffset, base, into, bound);
        ScalarBf16.widenDifference(source, byteOffset, base, into, bound, n);
    }

    @Override
    public void addDifferenceBf16(
            MemorySegment source, long byteOffset, float[] base, float factor, float[] sum, int n) {
        int bound = FLOATS.loopBound(n);
        VectorBf16.addDifference(source, byteOffset, base, factor, sum, bound);
        ScalarBf16.addDifference(source, byteOffset, base, factor, sum, bound, n);
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
        if (STEP * Float.SIZE < VectorMicroscaling.BITS) {
            super.widenMicroscaled(codes, byteOffset, scales, scaleOffset, into, at, blocks);
            return;
        }
        VectorMicroscaling.widen(codes, byteOffset, scales, scaleOffset, into, at, blocks);
    }

    @Override
    public void widenMicroscaled(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count) {
        if (STEP * Float.SIZE < VectorMicroscaling.BITS) {
            super.widenMicroscaled(words, word, factors, factor, into, to, count);
            return;
        }
        VectorMicroscaling.widen(words, word, factors, factor, into, to, count);
    }

    @Override
    public void narrow(float[] from, int n, DType to, MemorySegment target, long byteOffset) {
        if (to != DType.BF16) {
            super.narrow(from, n, to, target, byteOffset);
            return;
        }
        int bound = FLOATS.loopBound(n);
        VectorBf16.narrow(from, bound, target, byteOffset);
        ScalarConversion.narrowBf16(from, bound, n, target, byteOffset);
    }

    @Override
    public void keepAtLeast(float[] x, int n, int magnitude) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            IntVector bits = load(x, i).reinterpretAsInts();
            bits.blend(0, magnitudes(bits).compare(VectorOperators.LT, magnitude))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
        ScalarTileOps.keepAtLeast(x, magnitude, bound, n);
    }

    @Override
    public void keepAbove(float[] x, int n, int magnitude) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            IntVector bits = load(x, i).reinterpretAsInts();
            bits.blend(0, magnitudes(bits).compare(VectorOperators.LE, magnitude))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
        ScalarTileOps.keepAbove(x, magnitude, bound, n);
    }

    /// Only the tile in which the budget runs out is processed element by element.
    @Override
    public int keepSome(float[] x, int n, int magnitude, long budget) {
        int equal = budget == 0 ? 0 : countEqual(x, n, magnitude);
        if (equal == 0) {
            keepAbove(x, n, magnitude);
            return 0;
        }
        if (equal <= budget) {
            keepAtLeast(x, n, magnitude);
            return equal;
        }
        return ScalarTileOps.keepSome(x, magnitude, budget, 0, n);
    }

    @Override
    public int countEqual(float[] x, int n, int magnitude) {
        int bound = FLOATS.loopBound(n);
        int count = 0;
        for (int i = 0; i < bound; i += STEP) {
            IntVector bits = load(x, i).reinterpretAsInts();
            count += magnitudes(bits).compare(VectorOperators.EQ, magnitude).trueCount();
        }
        return count + ScalarTileOps.countEqual(x, magnitude, bound, n);
    }

    // Two loops: with scalar code in the first one, its vectors would be spilled to memory around
    // each call.
    @Override
    public int largestMagnitude(float[] x, int n) {
        int bound = FLOATS.loopBound(n);
        return Math.max(
                VectorSigns.largestMagnitude(x, bound), ScalarSigns.largestMagnitude(x, bound, n));
    }

    @Override
    public long countSigns(float[] a, float[] b, int n) {
        int bound = FLOATS.loopBound(n);
        return VectorSigns.count(a, b, bound) + ScalarSigns.count(a, b, bound, n);
    }

    @Override
    public int countMagnitudes(float[] x, int n, int low, int high, int shift, int[] bins) {
        int bound = FLOATS.loopBound(n);
        int[] lanesInside = new int[bound / STEP];
        int above = magnitudesInside(x, low, high, lanesInside);
        if (low == high) {
            // Half precision has few distinct magnitudes: often the threshold is known, and only
            // the number of elements equal to it is not.
            for (int lanes : lanesInside) {
                bins[0] += Integer.bitCount(lanes);
            }
        } else {
            countLanes(x, lanesInside, low, shift, bins);
        }
        return above + ScalarTileOps.countMagnitudes(x, low, high, shift, bins, bound, n);
    }

    /// Marks the lanes of each vector that are in the range, and counts the elements above it.
    private static int magnitudesInside(float[] x, int low, int high, int[] lanesInside) {
        int above = 0;
        for (int v = 0; v < lanesInside.length; v++) {
            IntVector m = magnitudes(load(x, v * STEP).reinterpretAsInts());
            long aboveHere = m.compare(VectorOperators.GT, high).toLong();
            long notBelow = m.compare(VectorOperators.GE, low).toLong();
            above += Long.bitCount(aboveHere);
            lanesInside[v] = (int) (notBelow & ~aboveHere);
        }
        return above;
    }

    private static void countLanes(float[] x, int[] lanesInside, int low, int shift, int[] bins) {
        for (int v = 0; v < lanesInside.length; v++) {
            for (int left = lanesInside[v]; left != 0; left &= left - 1) {
                float value = x[v * STEP + Integer.numberOfTrailingZeros(left)];
                countInside(magnitude(value) - low, shift, bins);
            }
        }
    }

    @Override
    public void elect(
            float[] x, float[] majority, float weight, float[] sum, float[] divisor, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            FloatVector v = load(x, i);
            FloatVector s = load(sum, i);
            FloatVector d = load(divisor, i);
            VectorMask<Float> negative = load(majority, i).compare(VectorOperators.LT, 0);
            VectorMask<Float> refused = v.blend(v.neg(), negative).compare(VectorOperators.LE, 0);
            s.add(v).blend(s, refused).intoArray(sum, i);
            d.add(weight).blend(d, refused).intoArray(divisor, i);
        }
        ScalarTileOps.elect(x, majority, weight, sum, divisor, bound, n);
    }

    @Override
    public void divide(float[] sum, float[] divisor, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            FloatVector d = load(divisor, i);
            load(sum, i).div(d.blend(1, d.compare(VectorOperators.EQ, 0))).intoArray(sum, i);
        }
        ScalarTileOps.divide(sum, divisor, bound, n);
    }

    @Override
    public void dot(float[] a, float[] b, int n, double[] lanes) {
        int bound = n - n % LANES;
        VectorLaneSums.dot(a, b, bound, lanes);
        ScalarTileOps.dot(a, b, lanes, bound, n);
    }

    @Override
    public void absoluteSum(float[] x, int n, double[] lanes) {
        int bound = n - n % LANES;
        VectorLaneSums.absolute(x, bound, lanes);
        ScalarTileOps.absoluteSum(x, lanes, bound, n);
    }

    @Override
    public void variance(float[][] xs, double share, float[] into, int n) {
        int bound = n - n % LANES;
        VectorVariance.variance(xs, share, into, bound);
        ScalarTileOps.variance(xs, share, into, bound, n);
    }

    @Override
    public void keepBernoulli(float[] x, int n, long key, long from, int limit) {
        int bound = FLOATS.loopBound(n);
        int firstKey = CounterRandom.firstKey(key, from);
        int secondKey = CounterRandom.secondKey(key);
        IntVector numbers = IntVector.broadcast(VectorShapes.INTS, (int) from).addIndex(1);
        for (int i = 0; i < bound; i += STEP) {
            IntVector drawn = drawn(numbers.add(i), firstKey, secondKey);
            IntVector bits = load(x, i).reinterpretAsInts();
            bits.blend(0, drawn.compare(VectorOperators.UGE, limit))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
        ScalarTileOps.keepBernoulli(x, key, from, limit, bound, n);
    }

    @Override
    public void keepBernoulli(float[] x, int n, long key, long from, int[] limits) {
        int bound = FLOATS.loopBound(n);
        int firstKey = CounterRandom.firstKey(key, from);
        int secondKey = CounterRandom.secondKey(key);
        IntVector numbers = IntVector.broadcast(VectorShapes.INTS, (int) from).addIndex(1);
        for (int i = 0; i < bound; i += STEP) {
            IntVector drawn = drawn(numbers.add(i), firstKey, secondKey);
            IntVector limit = IntVector.fromArray(VectorShapes.INTS, limits, i);
            IntVector bits = load(x, i).reinterpretAsInts();
            bits.blend(0, drawn.compare(VectorOperators.UGE, limit))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
        ScalarTileOps.keepBernoulli(x, key, from, limits, bound, n);
    }

    /// [CounterRandom#bits].
    private static IntVector drawn(IntVector numbers, int firstKey, int secondKey) {
        return mix(mix(numbers.lanewise(VectorOperators.XOR, firstKey)).add(secondKey));
    }

    private static IntVector mix(IntVector x) {
        IntVector first = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
        IntVector mixed = first.mul(CounterRandom.FIRST_FACTOR);
        IntVector second =
                mixed.lanewise(VectorOperators.XOR, mixed.lanewise(VectorOperators.LSHR, 15))
                        .mul(CounterRandom.SECOND_FACTOR);
        return second.lanewise(VectorOperators.XOR, second.lanewise(VectorOperators.LSHR, 15));
    }

    @Override
    public void keepWhere(float[] x, float[] selector, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            load(x, i).blend(0, load(selector, i).compare(VectorOperators.EQ, 0)).intoArray(x, i);
        }
        ScalarTileOps.keepWhere(x, selector, bound, n);
    }

    @Override
    public void dropWhere(float[] x, float[] selector, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            load(x, i).blend(0, load(selector, i).compare(VectorOperators.NE, 0)).intoArray(x, i);
        }
        ScalarTileOps.dropWhere(x, selector, bound, n);
    }

    @Override
    public void keepBits(float[] x, long[] words, int from, int n) {
        // Bit masks are used for small tensors; compiling the vector loop for them takes longer
        // than the plain loop.
        int bound = n < TILE ? 0 : FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            load(x, i)
                    .blend(0, VectorMask.fromLong(FLOATS, ~(words[from + i >> 6] >>> i)))
                    .intoArray(x, i);
        }
        ScalarTileOps.keepBits(x, words, from, bound, n);
    }

    @Override
    public void markNonzero(float[] x, long[] words, int from, int n) {
        int bound = n - n % Long.SIZE;
        for (int word = 0; word < bound; word += Long.SIZE) {
            long bits = 0;
            for (int i = 0; i < Long.SIZE; i += STEP) {
                bits |= load(x, word + i).compare(VectorOperators.NE, 0).toLong() << i;
            }
            words[from + word >> 6] = bits;
        }
        ScalarTileOps.markNonzero(x, words, from, bound, n);
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
        int bound = FLOATS.loopBound(n);
        VectorContribution.contribute(x, least, factor, sum, scaled, count, bound);
        ScalarContribution.contribute(x, least, factor, sum, scaled, count, bound, n);
    }

    @Override
    public int countContributions(float[] x, float least, float[] count, float most, int n) {
        int bound = FLOATS.loopBound(n);
        int found = VectorContribution.countContributions(x, least, count, most, bound);
        return found + ScalarContribution.countContributions(x, least, count, most, bound, n);
    }

    @Override
    public void meanOrSole(float[] sum, float[] scaled, float[] count, int n) {
        int bound = FLOATS.loopBound(n);
        VectorContribution.meanOrSole(sum, scaled, count, bound);
        ScalarContribution.meanOrSole(sum, scaled, count, bound, n);
    }

    @Override
    public void replaceAtLeast(float[] into, float[] x, float[] score, float threshold, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += STEP) {
            VectorMask<Float> below = load(score, i).compare(VectorOperators.LT, threshold);
            load(x, i).blend(load(into, i), below).intoArray(into, i);
        }
        ScalarTileOps.replaceAtLeast(into, x, score, threshold, bound, n);
    }

    @Override
    public void exp(float[] x, float shift, float[] into, int n) {
        int bound = FLOATS.loopBound(n);
        VectorExponential.exp(x, shift, into, bound);
        ScalarExponential.exp(x, shift, into, bound, n);
    }

    @Override
    public void expm1(float[] x, float[] into, int n) {
        int bound = FLOATS.loopBound(n);
        VectorExponential.expm1(x, into, bound);
        ScalarExponential.expm1(x, into, bound, n);
    }

    private static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(FLOATS, x, i);
    }

    private static IntVector magnitudes(IntVector bits) {
        return bits.and(Integer.MAX_VALUE).min(ScalarTileOps.NAN_MAGNITUDE);
    }
}
