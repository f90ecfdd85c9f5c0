package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// 4-bit floats, E2M1, in blocks of [TileOps#MX_BLOCK] with a power-of-two scale each. Gives the
/// same values as [ScaledBlocks] for rows of whole blocks, but reads them in one pass.
///
/// @param codes two values per byte
/// @param scales one byte per block
/// @param elements the number used, from the first one on
record MicroscaledTensor(MemorySegment codes, MemorySegment scales, long elements, TileOps ops)
        implements SourceTensor {
    private static final int BLOCK = TileOps.MX_BLOCK;

    @Override
    public DType dtype() {
        return DType.F4;
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        int lead = (int) (-from & BLOCK - 1);
        int whole = Math.max(0, n - lead) / BLOCK;
        if (lead > 0) {
            part(from, Math.min(lead, n), into, 0);
        }
        if (whole > 0) {
            widen((from + lead) / BLOCK, into, lead, whole);
        }
        int done = lead + whole * BLOCK;
        if (done < n) {
            part(from + done, n - done, into, done);
        }
    }

    /// A part of whole blocks.
    MicroscaledTensor part(long from, long count) {
        return new MicroscaledTensor(
                codes.asSlice(from / 2, count / 2),
                scales.asSlice(from / BLOCK, count / BLOCK),
                count,
                ops);
    }

    // A part within one block.
    private void part(long from, int n, float[] into, int at) {
        float[] block = new float[BLOCK];
        widen(from / BLOCK, block, 0, 1);
        System.arraycopy(block, (int) (from % BLOCK), into, at, n);
    }

    private void widen(long block, float[] into, int at, int blocks) {
        ops.widenMicroscaled(codes, block * BLOCK / 2, scales, block, into, at, blocks);
    }
}
