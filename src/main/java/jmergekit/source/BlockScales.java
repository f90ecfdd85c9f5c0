package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// The scales with which a tensor is quantised, one for each block, row-major.
///
/// They are computed in one pass over the tensor. NaN and infinite elements are ignored, except
/// that a block of floats whose dtype has neither gets the scale NaN.
public final class BlockScales implements SourceTensor {
    private final BlockFormat format;
    private final float[] scales;

    private BlockScales(BlockFormat format, float[] scales) {
        this.format = format;
        this.scales = scales;
    }

    /// The memory that the scales use, in bytes.
    public static long bytes(BlockFormat format, long elements) {
        return 2 * Float.BYTES * format.blocks(elements);
    }

    /// Reads the whole tensor.
    public static BlockScales of(SourceTensor tensor, BlockFormat format, Chunks chunks) {
        long elements = tensor.elements();
        int blocks = Math.toIntExact(format.blocks(elements));
        List<Largest> found = chunks.map(elements, (chunk, _) -> largest(tensor, format, chunk));
        float[] scales = new float[blocks];
        for (Largest part : found) {
            for (int i = 0; i < part.magnitudes.length; i++) {
                scales[part.first + i] = max(scales[part.first + i], part.magnitudes[i]);
            }
        }
        for (int i = 0; i < blocks; i++) {
            scales[i] = scales[i] == scales[i] ? format.scale(scales[i]) : Float.NaN;
        }
        return new BlockScales(format, scales);
    }

    /// The largest magnitudes of consecutive blocks in a part of a tensor.
    private record Largest(int first, float[] magnitudes) {}

    private static Largest largest(SourceTensor tensor, BlockFormat format, Chunks.Chunk chunk) {
        long columns = format.columns();
        long lastRow = (chunk.end() - 1) / columns;
        int first = (int) format.block(chunk.from() / columns, 0);
        int end = (int) (format.block(lastRow, columns - 1) + 1);
        float[] magnitudes = new float[end - first];
        float[] tile = new float[TileOps.TILE];
        boolean marks = format.values() == DType.F4;
        for (long from = chunk.from(); from < chunk.end(); from += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, chunk.end() - from);
            tensor.read(from, n, tile);
            for (BlockRuns run = new BlockRuns(format, from, n); run.next(); ) {
                int at = (int) (run.block() - first);
                magnitudes[at] = max(magnitudes[at], largest(tile, run.start(), run.end(), marks));
            }
        }
        return new Largest(first, magnitudes);
    }

    // NaN if one of the values is NaN.
    private static float max(float a, float b) {
        return Math.max(a, b);
    }

    private static float largest(float[] x, int from, int end, boolean marks) {
        float largest = 0;
        boolean finite = true;
        for (int i = from; i < end; i++) {
            float magnitude = Math.abs(x[i]);
            if (magnitude <= Float.MAX_VALUE) {
                largest = Math.max(largest, magnitude);
            } else {
                finite = false;
            }
        }
        return finite || !marks ? largest : Float.NaN;
    }

    float scale(long block) {
        return scales[(int) block];
    }

    @Override
    public long elements() {
        return scales.length;
    }

    @Override
    public DType dtype() {
        return format.scales();
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        if (format.scales() != DType.U8) {
            System.arraycopy(scales, (int) from, into, 0, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            float scale = scales[(int) from + i];
            into[i] = scale == scale ? Math.getExponent((double) scale) + 127 : 255;
        }
    }
}
