package jmergekit.primitive;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jmergekit.tile.TileOps;
import org.jspecify.annotations.Nullable;

/// The working memory of one thread, reused for every tile of every tensor, since allocating for
/// each tile does not scale. It grows with the number of sources, but not with the size of a
/// tensor.
public final class Scratch {
    /// Bytes of finished output that are collected before each write.
    public static final int OUTPUT_BYTES = 1 << 20;

    /// Maximum number of bins of one thread for all searches that it counts for in a pass.
    public static final int MAX_BINS = 1 << 19;

    private static final int SPARES = 4;
    private static final int FEW = 16;
    private static final long SEARCH_BYTES = 512 << 10;

    private final List<float[]> tiles = new ArrayList<>();
    private final List<float[]> spares = new ArrayList<>();
    private final List<float[]> differences = new ArrayList<>();
    private final List<int[]> bins = new ArrayList<>();
    private @Nullable MemorySegment output;

    /// Maximum bytes of one thread's working memory for a tensor with this many sources.
    public static long bytes(int sources) {
        long tiles = (2L * sources + 5 + SPARES) * TileOps.TILE * Float.BYTES;
        // The threshold searches for many sources retain more: their samples, and counters that
        // grow as their number decreases.
        long searches = sources <= FEW ? 0 : (sources - FEW) * SEARCH_BYTES;
        return tiles + searches + OUTPUT_BYTES + 2L * MAX_BINS * Integer.BYTES;
    }

    /// Tile number `i`. Its initial content is undefined.
    public float[] tile(int i) {
        return tile(tiles, i);
    }

    /// Spare tile number `i`, for nested calls while a pass uses its own tiles.
    public float[] spare(int i) {
        return tile(spares, i);
    }

    /// Tile number `i` for the difference of a source from the base, for measures that combine
    /// several.
    public float[] difference(int i) {
        return tile(differences, i);
    }

    private static float[] tile(List<float[]> tiles, int i) {
        while (tiles.size() <= i) {
            tiles.add(new float[TileOps.TILE]);
        }
        return tiles.get(i);
    }

    /// Counters of histogram number `i`; the first `count` of them are zero.
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
