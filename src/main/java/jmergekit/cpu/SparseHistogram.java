package jmergekit.cpu;

import java.util.Arrays;

/// The counts of one chunk's histogram that are not zero. Task vectors of half-precision models have
/// few distinct magnitudes, so that these are few; a histogram with many is kept nowhere.
///
/// @param bins in ascending order
record SparseHistogram(int[] bins, int[] counts) {
    /// Beyond this a chunk's counts are added up with the others' and forgotten.
    private static final int MAX_DISTINCT = 4096;

    /// The chunk whose counts are forgotten.
    static final SparseHistogram MANY = new SparseHistogram(new int[0], new int[0]);

    /// The first `length` counters of `dense`, or [#MANY].
    static SparseHistogram of(int[] dense, int length) {
        int[] bins = new int[MAX_DISTINCT];
        int[] counts = new int[MAX_DISTINCT];
        int distinct = 0;
        for (int i = 0; i < length; i++) {
            if (dense[i] != 0) {
                if (distinct == MAX_DISTINCT) {
                    return MANY;
                }
                bins[distinct] = i;
                counts[distinct++] = dense[i];
            }
        }
        return new SparseHistogram(Arrays.copyOf(bins, distinct), Arrays.copyOf(counts, distinct));
    }

    void addTo(long[] totals) {
        for (int i = 0; i < bins.length; i++) {
            totals[bins[i]] += counts[i];
        }
    }

    int count(int bin) {
        int i = Arrays.binarySearch(bins, bin);
        return i < 0 ? 0 : counts[i];
    }
}
