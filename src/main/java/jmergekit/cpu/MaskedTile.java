package jmergekit.cpu;

import java.util.Arrays;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Scratch;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.TileOps;

/// Applies one source's mask to the tiles of one chunk, in order.
interface MaskedTile {
    /// Zeroes the elements from `from` to `from + n` that the mask does not keep.
    void apply(float[] tile, long from, int n);

    /// @param source whose difference is in the tiles
    static MaskedTile of(
            Mask mask,
            Chunks.Chunk chunk,
            Differences differences,
            int source,
            TileOps ops,
            Scratch scratch) {
        return switch (mask) {
            case Mask.All _ -> (tile, from, n) -> {};
            case Mask.None _ -> (tile, from, n) -> Arrays.fill(tile, 0, n, 0f);
            case Mask.Largest(int magnitude, long[] equalKept) ->
                    new Largest(
                            magnitude,
                            equalKept == null ? Long.MAX_VALUE : equalKept[chunk.index()],
                            ops);
            case Mask.Bitmap(long[] words) ->
                    (tile, from, n) -> ops.keepBits(tile, words, (int) from, n);
            case Mask.Without(Mask kept, Mask dropped) ->
                    new Without(
                            of(kept, chunk, differences, source, ops, scratch),
                            of(dropped, chunk, differences, source, ops, scratch),
                            ops,
                            scratch);
            case Mask.Bernoulli(long key, double density) ->
                    (tile, from, n) ->
                            ops.keepBernoulli(tile, n, key, from, CounterRandom.limit(density));
            case Mask.BernoulliByRank bernoulli ->
                    new RowRanks(bernoulli, differences, source, scratch);
            case Mask.Varying _ ->
                    (tile, from, n) -> ops.keepWhere(tile, scratch.spare(MaskedTiles.VARIANCE), n);
        };
    }

    /// [Mask.Largest].
    final class Largest implements MaskedTile {
        private final int magnitude;
        private final TileOps ops;
        private long equalLeft;

        private Largest(int magnitude, long equalLeft, TileOps ops) {
            this.magnitude = magnitude;
            this.equalLeft = equalLeft;
            this.ops = ops;
        }

        @Override
        public void apply(float[] tile, long from, int n) {
            if (equalLeft == Long.MAX_VALUE) {
                ops.keepAtLeast(tile, n, magnitude);
            } else if (equalLeft == 0) {
                ops.keepAbove(tile, n, magnitude);
            } else {
                equalLeft -= ops.keepSome(tile, n, magnitude, equalLeft);
            }
        }
    }

    /// [Mask.Without].
    record Without(MaskedTile kept, MaskedTile dropped, TileOps ops, Scratch scratch)
            implements MaskedTile {
        @Override
        public void apply(float[] tile, long from, int n) {
            float[] copy = scratch.spare(3);
            System.arraycopy(tile, 0, copy, 0, n);
            dropped.apply(copy, from, n);
            kept.apply(tile, from, n);
            ops.dropWhere(tile, copy, n);
        }
    }
}
