package jmergekit.transplant;

import java.util.Arrays;

/// Finds the places of the numbers with the largest magnitudes, in two passes. Among numbers that
/// differ by less than a hundredth at the limit, the first ones are taken. For one thread.
final class LargestMagnitudes {
    /// Keeps the sign, the exponent and 7 bits of the mantissa.
    private static final int SHIFT = 16;

    private static final int MAGNITUDE = 0x7fffffff;

    private final int[] counts = new int[1 << Integer.SIZE - 1 - SHIFT];

    private static int bin(float value) {
        return (Float.floatToRawIntBits(value) & MAGNITUDE) >>> SHIFT;
    }

    /// Writes the places, counted from `from`, in their order.
    ///
    /// @param values `count` numbers starting at `from`; none is NaN
    /// @param most how many to find
    /// @return how many were found: all if there are no more than `most`
    int find(float[] values, int from, int count, int most, int[] into) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < count; i++) {
            counts[bin(values[from + i])]++;
        }
        int limit = counts.length;
        int above = 0;
        while (limit > 0 && above + counts[limit - 1] <= most) {
            above += counts[--limit];
        }
        // From the first bin that does not fit as a whole.
        int left = most - above;
        int found = 0;
        for (int i = 0; i < count; i++) {
            int bin = bin(values[from + i]);
            if (bin >= limit) {
                into[found++] = i;
            } else if (bin == limit - 1 && left > 0) {
                into[found++] = i;
                left--;
            }
        }
        return found;
    }
}
