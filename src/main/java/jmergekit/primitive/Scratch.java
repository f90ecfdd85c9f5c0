package jmergekit.primitive;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jmergekit.tile.TileOps;
import org.jspecify.annotations.Nullable;

/// The working memory of one thread: reused for every tile of every tensor, since allocating for
/// each tile does not scale. Grows with the number of sources, never with the size of a tensor.
public final class Scratch {
    /// Bytes of finished output that are collected before a write.
    public static final int OUTPUT_BYTES = 1 << 20;

    /// Bins that one thread may have for all the searches it counts for in a pass.
    public static final int MAX_BINS = 1 << 19;

    private static final int SPARES = 4;
    private static final int FEW = 16;
    private static final long SEARCH_BYTES = 512 << 10;

    private final List<float[]> tiles = new ArrayList<>();
    private final List<float[]> spares = new ArrayList<>();
    private final List<float[]> differences = new ArrayList<>();
    private final List<int[]> bins = new ArrayList<>();
    private @Nullable MemorySegment output;

    /// Most bytes that one thread's working memory takes for a tensor of so many sources.
    public static long bytes(int sources) {
        long tiles = (2L * sources + 5 + SPARES) * TileOps.TILE * Float.BYTES;
        // The searches for the thresholds of many sources leave more behind: their samples, and
        // counters that grow as there are fewer of them.
        long searches = sources <= FEW ? 0 : (sources - FEW) * SEARCH_BYTES;
        return tiles + searches + OUTPUT_BYTES + 2L * MAX_BINS * Integer.BYTES;
    }

    /// Tile number `i`. Its content is whatever the last user left.
    public float[] tile(int i) {
        return tile(tiles, i);
    }

    /// Spare tile number `i`, for what a pass calls on while its own tiles are in use.
    public float[] spare(int i) {
        return tile(spares, i);
    }

    /// Tile number `i` for the difference of a source from the base, for a measure of several.
    public float[] difference(int i) {
        return tile(differences, i);
    }

    private static float[] tile(List<float[]> tiles, int i) {
        while (tiles.size() <= i) {
            tiles.add(new float[TileOps.TILE]);
        }
        return tiles.get(i);
    }

    /// Counters of histogram number `i`, the first `count` of them zero.
    public int[] bins(int i, int count) {
        while (bins.size() <= i) {
            bins.add(new int[0]);
        }
        if (bins.get(i).length < count) {
            bins.set(i, new int[count]);
        } else {
            Arrays.fill(bins.get(i), 0, count, 0);
        }
        return bins.get(i);
    }

    public MemorySegment output() {
        if (output == null) {
            output = Arena.ofAuto().allocate(OUTPUT_BYTES, 64);
        }
        return output;
    }
}
