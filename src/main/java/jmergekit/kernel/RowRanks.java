package jmergekit.kernel;

import java.util.Arrays;
import jmergekit.kernel.Mask.DrawnByRank;

/// Draws which elements of one source's difference stay, with probabilities by the rank of their
/// magnitude in their row, for the tiles of one chunk in order.
///
/// A histogram of a row tells the rank of each element up to the others in its bin; only where the
/// draw lies between the probabilities of a bin's first and last rank are its members compared one
/// by one. So a row costs two readings and no sort.
///
/// Source: Deep et al., "DELLA-Merging", <https://arxiv.org/abs/2406.11617>, section 3.1.
final class RowRanks {
    /// Magnitudes that agree in all but their last 16 bits share a bin.
    private static final int SHIFT = 16;

    private static final int BINS = 1 << 31 - SHIFT;

    /// Of longer rows no copy is kept: there the members of a bin are ranked by position.
    private static final int MAX_COPY = 1 << 20;

    private static final int SEVERAL = -1;

    private final DrawnByRank mask;
    private final Differences differences;
    private final int source;
    private final long length;
    private final Scratch scratch;
    private final int secondKey;
    private final int[] magnitudes;
    private final int[] counts = new int[BINS];
    private final int[] ranks = new int[BINS];
    private final int[] seen = new int[BINS];
    private final int[] only = new int[BINS];
    private final long[] surelyBelow = new long[BINS];
    private final long[] maybeBelow = new long[BINS];
    private int firstBin = BINS;
    private int lastBin = -1;
    private long row = -1;

    RowRanks(DrawnByRank mask, Differences differences, int source, Scratch scratch) {
        this.mask = mask;
        this.differences = differences;
        this.source = source;
        this.length = differences.rowLength();
        this.scratch = scratch;
        this.secondKey = Draws.secondKey(mask.key());
        this.magnitudes = new int[length <= MAX_COPY ? (int) length : 0];
    }

    /// Zeroes what the draw drops of elements `from` to `from + n`.
    void apply(float[] tile, long from, int n) {
        int at = 0;
        while (at < n) {
            long element = from + at;
            if (element / length != row) {
                enter(element / length, element);
            }
            int end = (int) Math.min(n, (row + 1) * length - from);
            draw(tile, at, end, from);
            at = end;
        }
    }

    private void enter(long newRow, long firstElement) {
        clear();
        row = newRow;
        read(row * length, (row + 1) * length, this::count);
        int rank = 0;
        for (int bin = firstBin; bin <= lastBin; bin++) {
            ranks[bin] = rank;
            surelyBelow[bin] = limit(rank);
            rank += counts[bin];
            maybeBelow[bin] = limit(rank - 1);
        }
        read(row * length, firstElement, this::pass);
    }

    private void clear() {
        if (firstBin <= lastBin) {
            Arrays.fill(counts, firstBin, lastBin + 1, 0);
            Arrays.fill(seen, firstBin, lastBin + 1, 0);
        }
        firstBin = BINS;
        lastBin = -1;
    }

    private interface Visitor {
        void visit(float[] tile, int n, int at);
    }

    private void read(long from, long end, Visitor visitor) {
        for (long i = from; i < end; i += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, end - i);
            differences.readBoth(source, i, n, scratch.spare(0), scratch.spare(1));
            visitor.visit(scratch.spare(1), n, (int) (i - row * length));
        }
    }

    private void count(float[] tile, int n, int at) {
        int first = firstBin;
        int last = lastBin;
        for (int i = 0; i < n; i++) {
            int magnitude = ScalarTileOps.magnitude(tile[i]);
            int bin = magnitude >>> SHIFT;
            only[bin] = counts[bin]++ == 0 || only[bin] == magnitude ? magnitude : SEVERAL;
            first = Math.min(first, bin);
            last = Math.max(last, bin);
            if (magnitudes.length > 0) {
                magnitudes[at + i] = magnitude;
            }
        }
        firstBin = first;
        lastBin = last;
    }

    // Elements of the row that belong to the chunk before this one.
    private void pass(float[] tile, int n, int at) {
        for (int i = 0; i < n; i++) {
            seen[ScalarTileOps.magnitude(tile[i]) >>> SHIFT]++;
        }
    }

    private void draw(float[] tile, int at, int end, long from) {
        int firstKey = Draws.firstKey(mask.key(), from);
        for (int i = at; i < end; i++) {
            int bits = Float.floatToRawIntBits(tile[i]);
            int bin = (bits & Integer.MAX_VALUE) >>> SHIFT;
            int place = seen[bin]++;
            long drawn = Draws.bits(firstKey, secondKey, (int) (from + i)) & 0xffff_ffffL;
            long limit = surelyBelow[bin];
            if (drawn >= limit && drawn < maybeBelow[bin]) {
                limit = limit(rank(bits & Integer.MAX_VALUE, bin, place, from + i));
            }
            // All ones if kept. A branch would be mispredicted for every other element.
            int kept = (int) (drawn - limit >> 63);
            tile[i] = Float.intBitsToFloat(bits & kept);
        }
    }

    private int rank(int magnitude, int bin, int place, long element) {
        if (only[bin] != SEVERAL || magnitudes.length == 0) {
            return ranks[bin] + place;
        }
        int self = (int) (element - row * length);
        int rank = ranks[bin];
        int lowest = bin << SHIFT;
        for (int i = 0; i < magnitudes.length; i++) {
            int other = magnitudes[i];
            if (other >= lowest && (other < magnitude || other == magnitude && i < self)) {
                rank++;
            }
        }
        return rank;
    }

    /// Draws below this keep the element of that rank.
    private long limit(int rank) {
        double share = length == 1 ? 0.5 : rank / (length - 1.0);
        double probability = mask.density() - mask.epsilon() + 2 * mask.epsilon() * share;
        return (long) (probability * 0x1p32);
    }
}
