package jmergekit.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;

/// Receives a tensor in float32, multiplies its distance from the base by a factor, and passes it on in
/// the dtype of the output.
///
/// @param base the base's tensor
record ScaledOutput(OutputTensor output, SourceTensor base, double factor, TileOps ops)
        implements OutputTensor {
    @Override
    public TensorSpec spec() {
        return new TensorSpec(output.spec().name(), DType.F32, output.spec().shape());
    }

    @Override
    public void write(long byteOffset, MemorySegment bytes) {
        long first = byteOffset / Float.BYTES;
        long end = first + bytes.byteSize() / Float.BYTES;
        DType dtype = output.spec().dtype();
        float[] origin = new float[TileOps.TILE];
        float[] tile = new float[TileOps.TILE];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rounded = arena.allocate((long) TileOps.TILE * dtype.bytes(), 64);
            for (long from = first; from < end; from += TileOps.TILE) {
                int n = (int) Math.min(TileOps.TILE, end - from);
                MemorySegment.copy(
                        bytes,
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        (from - first) * Float.BYTES,
                        tile,
                        0,
                        n);
                base.read(from, n, origin);
                for (int i = 0; i < n; i++) {
                    tile[i] -= origin[i];
                }
                ops.addTo(origin, tile, (float) factor, tile, n);
                ops.narrow(tile, n, dtype, rounded, 0);
                output.write(from * dtype.bytes(), rounded.asSlice(0, (long) n * dtype.bytes()));
            }
        }
    }

    @Override
    public void sourceIsNotFinite() {
        output.sourceIsNotFinite();
    }
}
