package jmergekit.kernel;

import java.util.Arrays;
import jmergekit.kernel.Mask.DrawnByRank;

/// Draws which elements of one source's difference stay, with probabilities by the rank of their
/// magnitude in their row, for the tiles of one chunk in order.
///
/// Short rows are sorted. In long ones magnitudes are ranked by their first 15 bits, as many as a
/// bfloat16 has: what is closer together than a 128th of its size ranks by its place. So counting
/// replaces sorting, and a probability is off by at most the share of the row that is so close.
///
/// Source: Deep et al., "DELLA-Merging", <https://arxiv.org/abs/2406.11617>, section 3.1.
final class RowRanks implements MaskedTile {
    /// Longer rows are ranked in runs of this many elements, for the sake of memory.
    static final int MAX_RUN = 1 << 20;

    /// Rows of up to this many elements are sorted.
    static final int SORTED = 256;

    private static final int SHIFT = 16;
    private static final int BINS = 1 << 31 - SHIFT;

    private final DrawnByRank mask;
    private final Differences differences;
    private final int source;
    private final Scratch scratch;
    private final long rowLength;
    private final int[] magnitudes;
    private final int[] ranks;
    private final float[] kept;
    private final int[] even = new int[BINS];
    private final int[] odd = new int[BINS];
    private long runFrom = -1;
    private long runEnd = -1;

    RowRanks(DrawnByRank mask, Differences differences, int source, Scratch scratch) {
        this.mask = mask;
        this.differences = differences;
        this.source = source;
        this.scratch = scratch;
        this.rowLength = differences.rowLength();
        int longest = (int) Math.min(rowLength, MAX_RUN);
        this.magnitudes = new int[longest];
        this.ranks = new int[longest];
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
        read(length);
        if (length <= SORTED) {
            sort(length);
        } else {
            count(length);
        }
        draw(length);
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
            ranks[(int) order[rank]] = rank;
        }
    }

    private void count(int length) {
        int first = BINS;
        int last = -1;
        for (int i = 0; i < length; i++) {
            first = Math.min(first, magnitudes[i] >>> SHIFT);
            last = Math.max(last, magnitudes[i] >>> SHIFT);
        }
        Arrays.fill(even, first, last + 1, 0);
        Arrays.fill(odd, first, last + 1, 0);
        // In two halves, since neighbours of one bin would wait for each other.
        for (int i = 1; i < length; i += 2) {
            even[magnitudes[i - 1] >>> SHIFT]++;
            odd[magnitudes[i] >>> SHIFT]++;
        }
        if (length % 2 == 1) {
            even[magnitudes[length - 1] >>> SHIFT]++;
        }
        int rank = 0;
        for (int bin = first; bin <= last; bin++) {
            int count = even[bin] + odd[bin];
            even[bin] = rank;
            rank += count;
        }
        for (int i = 0; i < length; i++) {
            ranks[i] = even[magnitudes[i] >>> SHIFT]++;
        }
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
            kept[i] = draw - (limit + ranks[i] * step) >>> 63;
        }
    }
}
