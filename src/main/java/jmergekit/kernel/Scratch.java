package jmergekit.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The working memory of one thread: reused for every tile of every tensor, since allocating for
/// each tile does not scale. Grows with the number of sources, never with the size of a tensor.
public final class Scratch {
    /// Bytes of finished output that are collected before a write.
    static final int OUTPUT_BYTES = 1 << 20;

    private final List<float[]> tiles = new ArrayList<>();
    private final MemorySegment output = Arena.ofAuto().allocate(OUTPUT_BYTES, 64);
    private int[] bins = new int[0];

    /// Most bytes that one thread's working memory takes for a tensor of so many sources.
    public static long bytes(int sources) {
        long tiles = (sources + 5L) * TileOps.TILE * Float.BYTES;
        return tiles + OUTPUT_BYTES + (long) Selection.MAX_BINS * Integer.BYTES;
    }

    /// Tile number `i`. Its content is whatever the last user left.
    float[] tile(int i) {
        while (tiles.size() <= i) {
            tiles.add(new float[TileOps.TILE]);
        }
        return tiles.get(i);
    }

    /// Counters for a histogram, all zero.
    int[] bins(int count) {
        if (bins.length < count) {
            bins = new int[count];
        } else {
            java.util.Arrays.fill(bins, 0, count, 0);
        }
        return bins;
    }

    MemorySegment output() {
        return output;
    }
}
