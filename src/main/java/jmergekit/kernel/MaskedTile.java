package jmergekit.kernel;

/// Applies one source's mask to the tiles of one chunk, in order.
final class MaskedTile {
    private final TileOps ops;
    private final Mask mask;
    private long equalLeft;
    private int position;

    MaskedTile(Mask mask, int chunk, TileOps ops) {
        this.ops = ops;
        this.mask = mask;
        if (mask instanceof Mask.Largest(int magnitude, long[] equalKept)) {
            equalLeft = equalKept == null ? Long.MAX_VALUE : equalKept[chunk];
        }
    }

    /// Zeroes what the mask does not keep.
    void apply(float[] tile, int n) {
        switch (mask) {
            case Mask.All all -> {}
            case Mask.None none -> java.util.Arrays.fill(tile, 0, n, 0f);
            case Mask.Largest largest -> applyLargest(largest.magnitude(), tile, n);
            case Mask.Chosen chosen -> applyChosen(chosen.words(), tile, n);
        }
    }

    private void applyChosen(long[] words, float[] tile, int n) {
        for (int i = 0; i < n; i++, position++) {
            if ((words[position >> 6] >>> position & 1) == 0) {
                tile[i] = 0;
            }
        }
    }

    private void applyLargest(int magnitude, float[] tile, int n) {
        if (equalLeft == Long.MAX_VALUE) {
            ops.keepAtLeast(tile, n, magnitude);
        } else if (equalLeft == 0) {
            ops.keepAbove(tile, n, magnitude);
        } else {
            equalLeft -= ops.keepSome(tile, n, magnitude, equalLeft);
        }
    }
}
