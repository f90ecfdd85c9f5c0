package jmergekit.compare;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// Adds up whole tensors, or an even sample of their elements.
///
/// @param most elements that are read of a tensor, in whole tiles
public record TensorSums(TileOps ops, long most) {
    /// Elements that are read at once: of three arrays, they stay in the first-level cache.
    private static final int TILE = 2 * TileOps.SHORT_TILE;

    /// Of as many tiles as this, one is looked at more closely.
    private static final int SAMPLED = 64;

    /// Of all elements.
    public static TensorSums ofAll() {
        return new TensorSums(TileOps.best(), Long.MAX_VALUE);
    }

    /// Of at most so many elements of a tensor, at least a tile.
    public static TensorSums ofSample(long most) {
        return new TensorSums(TileOps.best(), Math.max(most, TILE));
    }

    /// The sums of versions of one tensor, which have as many elements. The first is the reference.
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
