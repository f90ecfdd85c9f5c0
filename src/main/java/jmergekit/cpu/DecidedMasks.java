package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Mask;
import jmergekit.tile.TileOps;

/// Writes down, a bit for each element, what costly masks keep.
final class DecidedMasks {
    /// For all sources of a tensor together. Larger ones are decided anew at every use.
    private static final long MAX_BYTES = 32L << 20;

    private final Differences differences;
    private final TileOps ops;

    DecidedMasks(Differences differences, TileOps ops) {
        this.differences = differences;
        this.ops = ops;
    }

    /// [jmergekit.primitive.Primitives#decide].
    Mask[] of(Mask[] masks, Chunks chunks) {
        long costly = Arrays.stream(masks).filter(m -> m instanceof Mask.DrawnByRank).count();
        long words = (differences.elements() + Long.SIZE - 1) / Long.SIZE;
        if (costly * words * Long.BYTES > MAX_BYTES) {
            return masks;
        }
        Mask[] decided = masks.clone();
        for (int i = 0; i < masks.length; i++) {
            if (masks[i] instanceof Mask.DrawnByRank) {
                decided[i] = new Mask.Chosen(decide(masks[i], i, (int) words, chunks));
            }
        }
        return decided;
    }

    private long[] decide(Mask mask, int source, int count, Chunks chunks) {
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
                        ops.noteNonzero(tile, words, (int) i, n);
                    }
                    return 0;
                });
        return words;
    }
}
