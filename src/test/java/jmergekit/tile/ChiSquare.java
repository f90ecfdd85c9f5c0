package jmergekit.tile;

import java.util.Arrays;
import java.util.function.LongToIntFunction;

/// Pearson's test of whether counts are those of a uniform distribution.
final class ChiSquare {
    private ChiSquare() {}

    /// How many standard deviations the statistic lies from its mean, about normal by the Wilson and
    /// Hilferty transformation. Far below 0 means too even to be random.
    static double deviations(long[] counts) {
        double expected = (double) Arrays.stream(counts).sum() / counts.length;
        double statistic = 0;
        for (long count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        double freedom = counts.length - 1;
        double spread = 2 / (9 * freedom);
        return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
    }

    /// The same for a bin of each element from 0 to `elements`, in `bins` bins.
    static double deviations(long elements, int bins, LongToIntFunction bin) {
        long[] counts = new long[bins];
        for (long i = 0; i < elements; i++) {
            counts[bin.applyAsInt(i)]++;
        }
        return deviations(counts);
    }
}
