package jmergekit.cpu;

import java.util.Arrays;

/// The nonzero counts of one chunk's histogram. Task vectors of half-precision models have few
/// distinct magnitudes, so there are few counts; histograms with many are not kept.
///
/// @param bins in ascending order
/// @param lost for each bin, the bits in which its magnitudes differ from its first one
record SparseHistogram(int[] bins, int[] counts, int[] lost) {
    /// Beyond this, a chunk's counts are added to the total and discarded.
    private static final int MAX_DISTINCT = 4096;

    /// A chunk whose counts were discarded.
    static final SparseHistogram MANY = new SparseHistogram(new int[0], new int[0], new int[0]);

    /// The first `length` bins of `dense`, as filled by [jmergekit.tile.TileOps#countMagnitudes],
    /// or [#MANY].
    static SparseHistogram of(int[] dense, int length) {
        int[] bins = new int[MAX_DISTINCT];
        int[] counts = new int[MAX_DISTINCT];
        int[] lost = new int[MAX_DISTINCT];
        int distinct = 0;
        for (int i = 0; i < length; i++) {
            if (dense[2 * i] != 0) {
                if (distinct == MAX_DISTINCT) {
                    return MANY;
                }
                bins[distinct] = i;
                counts[distinct] = dense[2 * i];
                lost[distinct++] = dense[2 * i + 1];
            }
        }
        return new SparseHistogram(
                Arrays.copyOf(bins, distinct),
                Arrays.copyOf(counts, distinct),
                Arrays.copyOf(lost, distinct));
    }

    void addTo(long[] totals, int[] lostInAll) {
        for (int i = 0; i < bins.length; i++) {
            totals[bins[i]] += counts[i];
            lostInAll[bins[i]] |= lost[i];
        }
    }

    int count(int bin) {
        int i = Arrays.binarySearch(bins, bin);
        return i < 0 ? 0 : counts[i];
    }
}
