package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Scratch;

/// The search for one threshold: the k-th largest magnitude of a measure.
final class ThresholdSearch {
    private final Measure measure;
    private final double shareOfNonzero;
    private long keep;
    private Bracket bracket;
    private int shift;
    private long[] bins = new long[0];
    private int[] lost = new int[0];
    private boolean found;
    private int threshold;
    private long equalWanted;
    private long equalFound;
    private long[] equalInChunk = new long[0];

    /// Magnitudes from `low` to `high`, both included.
    ///
    /// @param zeroBits how many of their lowest bits are probably 0
    record Bracket(int low, int high, int zeroBits) {
        Bracket(int low, int high) {
            this(low, high, 0);
        }

        /// The same, starting at a magnitude whose lowest bits are 0.
        private Bracket aligned(int bits) {
            return new Bracket(low & -(1 << bits), high, zeroBits);
        }
    }

    /// @param keep from 1 to one less than the number of elements
    ThresholdSearch(Measure measure, long keep, Bracket bracket) {
        this.measure = measure;
        this.keep = keep;
        this.bracket = bracket;
        this.shareOfNonzero = Double.NaN;
    }

    /// A search for the largest nonzero elements: the fraction `shareOfNonzero` of them, rounded
    /// down. The first pass determines how many these are.
    ThresholdSearch(Measure measure, double shareOfNonzero, MagnitudeSample sample) {
        this.measure = measure;
        this.shareOfNonzero = shareOfNonzero;
        this.bracket = sample.bracketOfNonzero(shareOfNonzero);
    }

    /// Whether the first pass must count the nonzero elements.
    boolean needsNonzero() {
        return keep == 0;
    }

    /// @param count number of nonzero elements
    void nonzero(long count) {
        keep = (long) (shareOfNonzero * count);
        found = keep == 0;
    }

    Measure measure() {
        return measure;
    }

    int low() {
        return bracket.low;
    }

    int high() {
        return bracket.high;
    }

    /// A bin counts `1 << shift` adjacent magnitudes; those between the first one of a bin and the
    /// first one of the next may not occur.
    int shift() {
        return shift;
    }

    int bins() {
        return bins.length;
    }

    boolean found() {
        return found;
    }

    int threshold() {
        return threshold;
    }

    /// Creates empty bins for a pass that counts for this many searches.
    void prepare(int searches) {
        int most = Scratch.MAX_BINS / searches;
        shift = bracket.zeroBits;
        bracket = bracket.aligned(shift);
        while (((bracket.high - bracket.low) >>> shift) >= most) {
            bracket = bracket.aligned(++shift);
        }
        bins = new long[((bracket.high - bracket.low) >>> shift) + 1];
        lost = new int[bins.length];
    }

    /// Adds one chunk's counts. Called from several threads; integer sums do not depend on the
    /// order of the chunks.
    SparseHistogram take(int[] own) {
        SparseHistogram few = SparseHistogram.of(own, bins.length);
        if (few == SparseHistogram.MANY) {
            addAll(own);
        }
        return few;
    }

    private synchronized void addAll(int[] own) {
        for (int i = 0; i < bins.length; i++) {
            bins[i] += own[2 * i];
            lost[i] |= own[2 * i + 1];
        }
    }

    /// Narrows the bracket after a pass.
    ///
    /// @param above number of magnitudes above the bracket
    /// @param chunks the results of [#take] for each chunk
    void narrow(long above, List<SparseHistogram> chunks) {
        chunks.forEach(c -> c.addTo(bins, lost));
        if (above >= keep) {
            bracket = new Bracket(bracket.high + 1, Integer.MAX_VALUE);
            return;
        }
        long larger = above;
        int bin = bins.length - 1;
        while (bin >= 0 && larger + bins[bin] < keep) {
            larger += bins[bin--];
        }
        if (bin < 0) {
            bracket = new Bracket(0, bracket.low - 1);
        } else if (lost[bin] != 0) {
            int low = bracket.low + (bin << shift);
            bracket = new Bracket(low, Math.min(bracket.high, low + (1 << shift) - 1));
        } else {
            found = true;
            threshold = bracket.low + (bin << shift);
            equalWanted = keep - larger;
            equalFound = bins[bin];
            // Searches wait for each other; for a hundred sources these would need too much memory.
            bins = new long[0];
            lost = new int[0];
            if (!chunks.contains(SparseHistogram.MANY)) {
                int thresholdBin = bin;
                equalInChunk = chunks.stream().mapToLong(c -> c.count(thresholdBin)).toArray();
            }
        }
    }

    /// Whether another pass is needed to determine which magnitudes equal to the threshold are
    /// kept.
    boolean needsEqualCounts() {
        return equalWanted != equalFound && equalInChunk.length == 0;
    }

    /// @param counts for each chunk, the number of magnitudes equal to the threshold
    void equalCounts(long[] counts) {
        equalInChunk = counts;
    }

    /// The mask of the largest magnitudes, with the first of those equal to the threshold.
    Mask mask() {
        if (keep == 0) {
            return Mask.NONE;
        }
        if (equalWanted == equalFound) {
            return new Mask.Largest(threshold, null);
        }
        long[] kept = new long[equalInChunk.length];
        long left = equalWanted;
        for (int c = 0; c < kept.length; c++) {
            kept[c] = Math.min(left, equalInChunk[c]);
            left -= kept[c];
        }
        return new Mask.Largest(threshold, kept);
    }
}
