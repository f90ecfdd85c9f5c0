package jmergekit.compare;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// Computes sums over whole tensors, or over an even sample of their elements.
///
/// @param most the maximum number of elements read per tensor, in whole tiles
public record TensorSums(TileOps ops, long most) {
    /// The number of elements read at once: three arrays of this size fit in the L1 cache.
    private static final int TILE = 2 * TileOps.SHORT_TILE;

    /// One in this many tiles is sampled in detail.
    private static final int SAMPLED = 64;

    /// Sums over all elements.
    public static TensorSums ofAll() {
        return new TensorSums(TileOps.best(), Long.MAX_VALUE);
    }

    /// Sums over at most this many elements of a tensor, at least one tile.
    public static TensorSums ofSample(long most) {
        return new TensorSums(TileOps.best(), Math.max(most, TILE));
    }

    /// The sums of versions of one tensor, all with the same number of elements. The first is the
    /// reference.
    public Sums of(List<SourceTensor> versions, Chunks chunks) {
        long elements = versions.getFirst().elements();
        List<Sums> parts =
                elements <= most
                        ? whole(versions, elements, chunks)
                        : sampled(versions, elements, chunks);
        return parts.stream().reduce(Sums.none(versions.size()), Sums::plus);
    }

    private List<Sums> whole(List<SourceTensor> versions, long elements, Chunks chunks) {
        return chunks.map(
                elements,
                (chunk, scratch) -> {
                    TileSums sums = new TileSums(versions, ops);
                    for (long from = chunk.from(); from < chunk.end(); from += TILE) {
                        int n = (int) Math.min(TILE, chunk.end() - from);
                        boolean closely = from / TILE % SAMPLED == 0;
                        sums.add(from, n, scratch, closely);
                    }
                    return sums.sums();
                });
    }

    private List<Sums> sampled(List<SourceTensor> versions, long elements, Chunks chunks) {
        long tiles = most / TILE;
        long all = (elements + TILE - 1) / TILE;
        return chunks.map(
                Math.multiplyExact(tiles, TILE),
                (chunk, scratch) -> {
                    TileSums sums = new TileSums(versions, ops);
                    for (long at = chunk.from(); at < chunk.end(); at += TILE) {
                        long tile = (long) ((double) (at / TILE) / tiles * all);
                        long from = tile * TILE;
                        int n = (int) Math.min(TILE, elements - from);
                        sums.add(from, n, scratch, true);
                    }
                    return sums.sums();
                });
    }
}
