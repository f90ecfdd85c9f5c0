package jmergekit.method;

import java.util.Arrays;
import jmergekit.primitive.ElementRule;
import jmergekit.primitive.ElementTile;

/// The sum of weighted differences, of which each model keeps the `n` largest in every group of `m`
/// consecutive elements of a row, among those that no earlier model keeps. Differences of 0 are
/// not kept; of equal ones, the first are. The last group of a row may have fewer elements, and
/// keeps the same fraction, rounded up.
record GroupPruning(float[] weights, int n, int m) implements ElementRule {
    /// Longer groups are searched by bisection.
    private static final int SHORT = 16;

    /// The magnitude of an element that an earlier model keeps.
    private static final int TAKEN = 0;

    @Override
    public int group() {
        return m;
    }

    @Override
    public void change(ElementTile tile, float[] into) {
        Arrays.fill(into, 0, tile.n(), 0f);
        int[] magnitudes = new int[m];
        boolean[] taken = new boolean[m];
        long row = tile.rowLength();
        for (int at = 0; at < tile.n(); ) {
            int length = (int) Math.min(m, row - (tile.from() + at) % row);
            Arrays.fill(taken, 0, length, false);
            int keep = (int) (((long) n * length + m - 1) / m);
            for (int i = 0; i < weights.length; i++) {
                float[] difference = tile.differences()[i];
                magnitudes(difference, at, taken, magnitudes, length);
                keep(magnitudes, length, keep, taken, difference, weights[i], at, into);
            }
            at += length;
        }
    }

    private static void magnitudes(
            float[] difference, int at, boolean[] taken, int[] magnitudes, int length) {
        for (int i = 0; i < length; i++) {
            int bits = Float.floatToRawIntBits(difference[at + i]) & Integer.MAX_VALUE;
            magnitudes[i] = taken[i] ? TAKEN : bits;
        }
    }

    private static void keep(
            int[] magnitudes,
            int length,
            int keep,
            boolean[] taken,
            float[] difference,
            float weight,
            int at,
            float[] into) {
        int threshold =
                length <= SHORT
                        ? ranked(magnitudes, length, keep)
                        : bisected(magnitudes, length, keep);
        int equal = keep - above(magnitudes, length, threshold);
        for (int i = 0; i < length; i++) {
            boolean keeps = magnitudes[i] > threshold || magnitudes[i] == threshold && equal-- > 0;
            if (keeps && magnitudes[i] != 0) {
                taken[i] = true;
                into[at + i] = weight * difference[at + i];
            }
        }
    }

    // The `keep`-th largest magnitude, by counting for each those that are larger.
    private static int ranked(int[] magnitudes, int length, int keep) {
        for (int i = 0; i < length; i++) {
            int larger = 0;
            int equal = 0;
            for (int j = 0; j < length; j++) {
                larger += magnitudes[j] > magnitudes[i] ? 1 : 0;
                equal += magnitudes[j] == magnitudes[i] ? 1 : 0;
            }
            if (larger < keep && keep <= larger + equal) {
                return magnitudes[i];
            }
        }
        throw new IllegalArgumentException(keep + " of " + length);
    }

    // A magnitude with at most `keep` larger ones, and at least `keep` that are not smaller.
    private static int bisected(int[] magnitudes, int length, int keep) {
        int low = Integer.MAX_VALUE;
        int high = 0;
        for (int i = 0; i < length; i++) {
            low = Math.min(low, magnitudes[i]);
            high = Math.max(high, magnitudes[i]);
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            int above = above(magnitudes, length, middle);
            if (above == keep) {
                return middle;
            }
            if (above > keep) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int above(int[] magnitudes, int length, int threshold) {
        int count = 0;
        for (int i = 0; i < length; i++) {
            // Both are at least 0, so the difference does not overflow.
            count += (threshold - magnitudes[i]) >>> 31;
        }
        return count;
    }
}
