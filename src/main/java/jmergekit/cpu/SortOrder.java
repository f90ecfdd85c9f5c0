package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;

/// The largest magnitudes of a small tensor, with equal ones in the order in which an introsort
/// (quicksort with the median of three, insertion sort for short runs) leaves them.
///
/// No rule defines which of several equal magnitudes a trimmed task vector keeps. Half precision
/// has many of them, and the reference sorts. Following the same sort gives the same elements for
/// tensors in which a few elements matter. Only the partitions that contain the boundary are
/// followed, in linear time.
///
/// Source: Musser, "Introspective sorting and selection algorithms", 1997.
final class SortOrder {
    /// Larger tensors keep the first of equal magnitudes, which needs no memory per element.
    static final int MAX_ELEMENTS = Primitives.SMALL;

    private static final int SORTED_RUN = 16;
    private static final int SELECTED_RUN = 3;

    private final int[] magnitudes;
    private final int[] positions;

    private SortOrder(int[] magnitudes) {
        this.magnitudes = magnitudes.clone();
        this.positions = new int[magnitudes.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
        }
    }

    /// The first `k` in descending order.
    static Mask largest(int[] magnitudes, int k) {
        return new Mask.Bitmap(first(magnitudes, k));
    }

    /// All in ascending order, except the first `bottom` and the last `top`.
    static Mask between(int[] magnitudes, int bottom, int top) {
        int[] reversed = new int[magnitudes.length];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = Integer.MAX_VALUE - magnitudes[i];
        }
        long[] kept = first(reversed, magnitudes.length - top);
        long[] dropped = first(reversed, bottom);
        for (int i = 0; i < kept.length; i++) {
            kept[i] &= ~dropped[i];
        }
        return new Mask.Bitmap(kept);
    }

    /// The first `k`, at least 1, that a selection (partitioning until the k-th is in place,
    /// without sorting) leaves in front.
    static Mask selected(int[] magnitudes, int k) {
        SortOrder order = new SortOrder(magnitudes);
        order.settle(k - 1, SELECTED_RUN);
        return new Mask.Bitmap(order.front(k));
    }

    private static long[] first(int[] magnitudes, int k) {
        SortOrder order = new SortOrder(magnitudes);
        order.settle(k, SORTED_RUN);
        return order.front(k);
    }

    // Follows the partitions that contain position `target`.
    private void settle(int target, int shortRun) {
        int first = 0;
        int end = magnitudes.length;
        int depth = 2 * (31 - Integer.numberOfLeadingZeros(Math.max(1, end)));
        while (end - first > shortRun && depth-- > 0) {
            int cut = partition(first, end);
            if (cut <= target) {
                first = cut;
            } else {
                end = cut;
            }
        }
        sortStably(first, end);
    }

    private long[] front(int k) {
        long[] kept = new long[(magnitudes.length + 63) / 64];
        for (int i = 0; i < k; i++) {
            kept[positions[i] >> 6] |= 1L << positions[i];
        }
        return kept;
    }

    private boolean before(int i, int j) {
        return magnitudes[i] > magnitudes[j];
    }

    private int partition(int first, int end) {
        swap(first, middle(first + 1, first + (end - first) / 2, end - 1));
        int i = first + 1;
        int j = end;
        while (true) {
            while (before(i, first)) {
                i++;
            }
            j--;
            while (before(first, j)) {
                j--;
            }
            if (i >= j) {
                return i;
            }
            swap(i++, j);
        }
    }

    private int middle(int x, int y, int z) {
        if (before(x, y)) {
            return before(y, z) ? y : before(x, z) ? z : x;
        }
        return before(x, z) ? x : before(y, z) ? z : y;
    }

    private void swap(int i, int j) {
        int magnitude = magnitudes[i];
        magnitudes[i] = magnitudes[j];
        magnitudes[j] = magnitude;
        int position = positions[i];
        positions[i] = positions[j];
        positions[j] = position;
    }

    // The effect of an insertion sort on a short run; also correct for a long run, which is left
    // over if the pivots were unlucky.
    private void sortStably(int first, int end) {
        long[] keys = new long[end - first];
        int[] before = Arrays.copyOfRange(positions, first, end);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) (Integer.MAX_VALUE - magnitudes[first + i]) << 32 | i;
        }
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) {
            magnitudes[first + i] = Integer.MAX_VALUE - (int) (keys[i] >>> 32);
            positions[first + i] = before[(int) keys[i]];
        }
    }
}
