package jmergekit.kernel;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.DType;

/// The definition of each operation, as a plain loop.
///
/// The static forms work on elements `from` to `end`; [VectorTileOps] uses them for what is left
/// after the last whole vector.
class ScalarTileOps implements TileOps {
    @Override
    public void widen(DType from, MemorySegment source, long byteOffset, float[] into, int n) {
        ScalarConversion.widen(from, source, byteOffset, into, n);
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
                bins[(m - low) >> shift]++;
            }
        }
        return above;
    }

    @Override
    public void dot(float[] a, float[] b, int n, double[] lanes) {
        int bound = n - n % LANES;
        for (int i = 0; i < bound; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += (double) a[i + lane] * b[i + lane];
            }
        }
        for (int i = bound; i < n; i++) {
            lanes[i - bound] += (double) a[i] * b[i];
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
        for (int i = bound; i < n; i++) {
            lanes[i - bound] += Math.abs(x[i]);
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

    static int magnitude(float x) {
        return Float.floatToRawIntBits(x) & Integer.MAX_VALUE;
    }
}
