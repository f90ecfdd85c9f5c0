package jmergekit.kernel;

import java.util.Arrays;
import jmergekit.kernel.Mask.DrawnByRank;

/// Draws which elements of one source's difference stay, with probabilities by the rank of their
/// magnitude in their row, for the tiles of one chunk in order.
///
/// Magnitudes are ranked by their first 15 bits, as many as a bfloat16 has: what is closer together
/// than a 128th of its size ranks by its place. So counting replaces sorting, and a probability is
/// off by at most the share of the row that is so close.
///
/// Source: Deep et al., "DELLA-Merging", <https://arxiv.org/abs/2406.11617>, section 3.1.
final class RowRanks implements MaskedTile {
    /// Longer rows are ranked in runs of this many elements, for the sake of memory.
    static final int MAX_RUN = 1 << 20;

    private static final int SHIFT = 16;
    private static final int BINS = 1 << 31 - SHIFT;

    private final DrawnByRank mask;
    private final Differences differences;
    private final int source;
    private final Scratch scratch;
    private final long rowLength;
    private final char[] bins;
    private final float[] kept;

    /// The rank of the next element of each bin, while ranks are given; the number of its elements
    /// before.
    private final int[] ranks = new int[BINS];

    private final int[] odd = new int[BINS];
    private int firstBin = BINS;
    private int lastBin = -1;
    private long runFrom = -1;
    private long runEnd = -1;

    RowRanks(DrawnByRank mask, Differences differences, int source, Scratch scratch) {
        this.mask = mask;
        this.differences = differences;
        this.source = source;
        this.scratch = scratch;
        this.rowLength = differences.rowLength();
        int longest = (int) Math.min(rowLength, MAX_RUN);
        this.bins = new char[longest];
        this.kept = new float[longest];
    }

    @Override
    public void apply(float[] tile, long from, int n) {
        float[] selector = scratch.spare(3);
        int at = 0;
        while (at < n) {
            if (from + at >= runEnd || from + at < runFrom) {
                enter(from + at);
            }
            int end = (int) Math.min(n, runEnd - from);
            System.arraycopy(kept, (int) (from + at - runFrom), selector, at, end - at);
            at = end;
        }
        differences.ops().keepWhere(tile, selector, n);
    }

    // Decides the run that holds `element`.
    private void enter(long element) {
        long row = element / rowLength * rowLength;
        runFrom = row + (element - row) / MAX_RUN * MAX_RUN;
        runEnd = Math.min(row + rowLength, runFrom + MAX_RUN);
        int length = (int) (runEnd - runFrom);
        count(length);
        draw(length);
    }

    private void count(int length) {
        if (firstBin <= lastBin) {
            Arrays.fill(ranks, firstBin, lastBin + 1, 0);
        }
        int first = BINS;
        int last = -1;
        float[] difference = scratch.spare(1);
        for (int at = 0; at < length; at += TileOps.TILE) {
            int n = Math.min(TileOps.TILE, length - at);
            differences.readBoth(source, runFrom + at, n, scratch.spare(0), difference);
            for (int i = 0; i < n; i++) {
                int bin = ScalarTileOps.magnitude(difference[i]) >>> SHIFT;
                bins[at + i] = (char) bin;
                first = Math.min(first, bin);
                last = Math.max(last, bin);
            }
        }
        // In two halves, since neighbours of one bin would wait for each other.
        for (int i = 1; i < length; i += 2) {
            ranks[bins[i - 1]]++;
            odd[bins[i]]++;
        }
        if (length % 2 == 1) {
            ranks[bins[length - 1]]++;
        }
        int rank = 0;
        for (int bin = first; bin <= last; bin++) {
            int count = ranks[bin] + odd[bin];
            ranks[bin] = rank;
            odd[bin] = 0;
            rank += count;
        }
        firstBin = first;
        lastBin = last;
    }

    private void draw(int length) {
        // Probabilities in units of 2^-62, draws in units of 2^-32.
        double lowest = length == 1 ? mask.density() : mask.density() - mask.epsilon();
        long limit = (long) (lowest * 0x1p62);
        long step = (long) (2 * mask.epsilon() / Math.max(1, length - 1) * 0x1p62);
        int low = (int) runFrom;
        int secondKey = Draws.secondKey(mask.key());
        int firstKey = Draws.firstKey(mask.key(), runFrom);
        int nextFirstKey = Draws.firstKey(mask.key(), runEnd - 1);
        // The place from which on the low halves of the elements' numbers begin anew.
        int border = (int) Math.min(length, ((runFrom >>> 32) + 1 << 32) - runFrom);
        for (int i = 0; i < length; i++) {
            int key = i < border ? firstKey : nextFirstKey;
            long draw = (Draws.bits(key, secondKey, low + i) & 0xffff_ffffL) << 30;
            // Without a branch, which would be mispredicted at every other element.
            kept[i] = draw - (limit + ranks[bins[i]]++ * step) >>> 63;
        }
    }
}
