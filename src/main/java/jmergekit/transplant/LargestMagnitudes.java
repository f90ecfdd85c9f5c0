package jmergekit.transplant;

import java.util.Arrays;

/// Finds the places of the largest of many numbers, whatever their sign, in two passes. Where numbers
/// differ by less than a hundredth at the limit, those that come first are taken. For one thread.
final class LargestMagnitudes {
    /// Sign, exponent and 7 bits of the mantissa stay.
    private static final int SHIFT = 16;

    private static final int MAGNITUDE = 0x7fffffff;

    private final int[] counts = new int[1 << Integer.SIZE - 1 - SHIFT];

    private static int bin(float value) {
        return (Float.floatToRawIntBits(value) & MAGNITUDE) >>> SHIFT;
    }

    /// Writes the places, counted from `from` on, in their order.
    ///
    /// @param values `count` of them, from `from` on; none is NaN
    /// @param most how many are wanted
    /// @return how many were found: all if there are no more than wanted
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
        // Of the first bin that does not fit as a whole.
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
