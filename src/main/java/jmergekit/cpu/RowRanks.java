package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.Mask.BernoulliByRank;
import jmergekit.primitive.Scratch;
import jmergekit.tile.ScalarTileOps;
import jmergekit.tile.TileOps;

/// Draws which elements of one source's difference are kept, with probabilities by the rank of
/// their magnitude in their row, for the tiles of one chunk in order.
///
/// Short rows are sorted. In long rows magnitudes are ranked by their first 15 bits, as many as
/// bfloat16 has; magnitudes that differ by less than a relative 1/128 are ranked by position.
/// Counting thus replaces sorting, and the error of a probability is at most the fraction of the
/// row that is this close.
///
/// Source: Deep et al., "DELLA-Merging", <https://arxiv.org/abs/2406.11617>, section 3.1.
final class RowRanks implements MaskedTile {
    /// Longer rows are ranked in runs of this many elements, to limit memory.
    static final int MAX_RUN = 1 << 20;

    /// Rows of up to this many elements are sorted.
    static final int SORTED = 256;

    private static final int SHIFT = 16;
    private static final int BINS = 1 << 31 - SHIFT;

    /// 2^BLOCK bins share an exponent. A row contains few exponents, but 0 and 1 are far apart.
    private static final int BLOCK = 7;

    private final BernoulliByRank mask;
    private final Differences differences;
    private final int source;
    private final Scratch scratch;
    private final long rowLength;
    private final int[] magnitudes;
    private final int[] limits;
    private final int[] limitsByRank;
    private final int[] limitsOfTile = new int[TileOps.TILE];
    // All zero between two rows, so the masks of a thread can share them.
    private final int[] even;
    private final int[] odd;
    private final boolean[] used = new boolean[BINS >> BLOCK];
    private int ranked;
    private long runFrom = -1;
    private long runEnd = -1;

    RowRanks(BernoulliByRank mask, Differences differences, int source, Scratch scratch) {
        this.mask = mask;
        this.differences = differences;
        this.source = source;
        this.scratch = scratch;
        this.rowLength = differences.rowLength();
        int longest = (int) Math.min(rowLength, MAX_RUN);
        this.even = scratch.bins(0, BINS);
        this.odd = scratch.bins(1, BINS);
        this.magnitudes = scratch.bins(2, longest);
        this.limits = new int[longest];
        this.limitsByRank = new int[longest];
    }

    @Override
    public void apply(float[] tile, long from, int n) {
        int at = 0;
        while (at < n) {
            if (from + at >= runEnd || from + at < runFrom) {
                enter(from + at);
            }
            int end = (int) Math.min(n, runEnd - from);
            System.arraycopy(limits, (int) (from + at - runFrom), limitsOfTile, at, end - at);
            at = end;
        }
        differences.ops().keepBernoulli(tile, n, mask.key(), from, limitsOfTile);
    }

    // Decides which elements of the run that contains `element` are kept.
    private void enter(long element) {
        long row = element / rowLength * rowLength;
        runFrom = row + (element - row) / MAX_RUN * MAX_RUN;
        runEnd = Math.min(row + rowLength, runFrom + MAX_RUN);
        int length = (int) (runEnd - runFrom);
        if (length != ranked) {
            setLimits(length);
        }
        read(length);
        if (length <= SORTED) {
            sort(length);
        } else {
            count(length);
        }
    }

    private void setLimits(int length) {
        ranked = length;
        // Probabilities are in units of 2^-62, draws in units of 2^-32.
        double lowest = length == 1 ? mask.density() : mask.density() - mask.epsilon();
        long limit = (long) (lowest * 0x1p62);
        long step = (long) (2 * mask.epsilon() / Math.max(1, length - 1) * 0x1p62);
        for (int rank = 0; rank < length; rank++) {
            long above = Math.ceilDiv(limit + rank * step, 1L << 30);
            limitsByRank[rank] = (int) Math.min(above, 0xffff_ffffL);
        }
    }

    private void read(int length) {
        float[] difference = scratch.spare(1);
        for (int at = 0; at < length; at += TileOps.TILE) {
            int n = Math.min(TileOps.TILE, length - at);
            differences.readBoth(source, runFrom + at, n, scratch.spare(0), difference);
            for (int i = 0; i < n; i++) {
                magnitudes[at + i] = ScalarTileOps.magnitude(difference[i]);
            }
        }
    }

    private void sort(int length) {
        long[] order = new long[length];
        for (int i = 0; i < length; i++) {
            order[i] = (long) magnitudes[i] << 32 | i;
        }
        Arrays.sort(order);
        for (int rank = 0; rank < length; rank++) {
            limits[(int) order[rank]] = limitsByRank[rank];
        }
    }

    private void count(int length) {
        // Processed in two halves, since adjacent elements in the same bin would wait for each
        // other.
        for (int i = 1; i < length; i += 2) {
            int first = magnitudes[i - 1] >>> SHIFT;
            int second = magnitudes[i] >>> SHIFT;
            even[first]++;
            odd[second]++;
            used[first >>> BLOCK] = true;
            used[second >>> BLOCK] = true;
        }
        if (length % 2 == 1) {
            int last = magnitudes[length - 1] >>> SHIFT;
            even[last]++;
            used[last >>> BLOCK] = true;
        }
        int rank = 0;
        for (int block = 0; block < used.length; block++) {
            if (used[block]) {
                for (int bin = block << BLOCK; bin < block + 1 << BLOCK; bin++) {
                    int count = even[bin] + odd[bin];
                    even[bin] = rank;
                    odd[bin] = 0;
                    rank += count;
                }
            }
        }
        for (int i = 0; i < length; i++) {
            limits[i] = limitsByRank[even[magnitudes[i] >>> SHIFT]++];
        }
        for (int block = 0; block < used.length; block++) {
            if (used[block]) {
                used[block] = false;
                Arrays.fill(even, block << BLOCK, block + 1 << BLOCK, 0);
            }
        }
    }
}
