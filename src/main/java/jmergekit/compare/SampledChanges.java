package jmergekit.compare;

import jmergekit.tensor.DType;

/// Accumulates a [ChangeSample]. Not thread-safe.
final class SampledChanges {
    private final int mantissa;
    private final int leastExponent;
    private final long[] magnitudes = new long[ChangeSample.EXPONENTS];
    private long elements;
    private double squares;
    private double fourths;
    private double stepSquares;
    private long changed;
    private long vanishing;

    /// @param dtype the dtype whose rounding steps changes are compared with
    SampledChanges(DType dtype) {
        this.mantissa =
                switch (dtype) {
                    case BF16 -> 7;
                    case F16 -> 10;
                    case F8_E4M3 -> 3;
                    case F8_E5M2 -> 2;
                    default -> 23;
                };
        this.leastExponent =
                switch (dtype) {
                    case F16, F8_E5M2 -> -14;
                    case F8_E4M3 -> -6;
                    default -> Float.MIN_EXPONENT;
                };
    }

    /// @param change the change of each element
    /// @param leftOut the number of excluded elements, all of which are 0
    void add(float[] reference, float[] change, int n, int leftOut) {
        elements += n - leftOut;
        for (int i = 0; i < n; i++) {
            double step = step(reference[i]);
            stepSquares += step * step;
            double size = Math.abs((double) change[i]);
            if (size > 0) {
                double square = size * size;
                squares += square;
                fourths += square * square;
                changed++;
                vanishing += size < step / 2 ? 1 : 0;
                int exponent = Math.getExponent(size) - ChangeSample.LEAST_EXPONENT;
                magnitudes[Math.clamp(exponent, 0, magnitudes.length - 1)]++;
            }
        }
        // Excluded elements were added with the step of 0.
        stepSquares -= leftOut * step(0) * step(0);
    }

    // The distance between neighbouring numbers.
    private double step(float x) {
        int exponent = Math.max(Math.getExponent(x), leastExponent);
        return Math.scalb(1.0, exponent - mantissa);
    }

    ChangeSample sample() {
        return new ChangeSample(
                elements, squares, fourths, stepSquares, changed, vanishing, magnitudes.clone());
    }
}
