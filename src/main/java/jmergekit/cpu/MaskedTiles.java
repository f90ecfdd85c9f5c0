package jmergekit.cpu;

import jmergekit.primitive.Chunks;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;
import org.jspecify.annotations.Nullable;

/// Applies the sources' masks to the tiles of one chunk, in order.
final class MaskedTiles {
    /// The spare tile that is zero where [Mask.Varying] drops elements.
    static final int VARIANCE = 2;

    private final MaskedTile[] masks;
    private final Measure variance;
    private final Scratch scratch;
    private @Nullable MaskedTile varying;

    /// @param masks by source
    MaskedTiles(
            Mask[] masks,
            Chunks.Chunk chunk,
            Differences differences,
            TileOps ops,
            Scratch scratch) {
        this.scratch = scratch;
        this.variance = differences.variance();
        this.masks = new MaskedTile[masks.length];
        for (int i = 0; i < masks.length; i++) {
            this.masks[i] = MaskedTile.of(masks[i], chunk, differences, i, ops, scratch);
            if (varying == null && masks[i] instanceof Mask.Varying(Mask largest)) {
                varying = MaskedTile.of(largest, chunk, differences, i, ops, scratch);
            }
        }
    }

    /// Begins a tile.
    ///
    /// @param base the base model's elements of the tile
    void begin(float[] base, long from, int n) {
        if (varying != null) {
            float[] measured = scratch.spare(VARIANCE);
            variance.read(base, from, n, scratch, measured);
            varying.apply(measured, from, n);
        }
    }

    /// Zeroes the elements of the source's difference in the current tile that its mask does not
    /// keep.
    void apply(int source, float[] tile, long from, int n) {
        masks[source].apply(tile, from, n);
    }
}
