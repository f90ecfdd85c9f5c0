package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Mask;
import jmergekit.tile.TileOps;

/// Stores what expensive masks keep, as one bit for each element.
final class MaterializedMasks {
    /// For all sources of a tensor together. Larger masks are computed again on each use.
    private static final long MAX_BYTES = 32L << 20;

    private final Differences differences;
    private final TileOps ops;

    MaterializedMasks(Differences differences, TileOps ops) {
        this.differences = differences;
        this.ops = ops;
    }

    /// [jmergekit.primitive.Primitives#materialize].
    Mask[] of(Mask[] masks, Chunks chunks) {
        long costly = Arrays.stream(masks).filter(m -> m instanceof Mask.BernoulliByRank).count();
        long words = (differences.elements() + Long.SIZE - 1) / Long.SIZE;
        if (costly * words * Long.BYTES > MAX_BYTES) {
            return masks;
        }
        Mask[] materialized = masks.clone();
        for (int i = 0; i < masks.length; i++) {
            if (masks[i] instanceof Mask.BernoulliByRank) {
                materialized[i] = new Mask.Bitmap(bits(masks[i], i, (int) words, chunks));
            }
        }
        return materialized;
    }

    private long[] bits(Mask mask, int source, int count, Chunks chunks) {
        long[] words = new long[count];
        chunks.map(
                differences.elements(),
                (chunk, scratch) -> {
                    MaskedTile masked =
                            MaskedTile.of(mask, chunk, differences, source, ops, scratch);
                    float[] tile = scratch.tile(0);
                    for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                        int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                        Arrays.fill(tile, 0, n, 1f);
                        masked.apply(tile, i, n);
                        ops.markNonzero(tile, words, (int) i, n);
                    }
                    return 0;
                });
        return words;
    }
}
