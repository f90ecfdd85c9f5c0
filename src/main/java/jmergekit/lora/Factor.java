package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// A factor in memory, stored as is or transposed, in a dtype that may be narrower.
///
/// @param values float32, `rows` times `columns`
/// @param transposed whether it is stored transposed
record Factor(MemorySegment values, long rows, long columns, boolean transposed) {
    interface Sink {
        void write(long byteOffset, MemorySegment bytes);
    }

    /// Rounds the values in place to the stored dtype, and passes on the stored bytes.
    void store(DType dtype, TileOps ops, Sink sink) {
        float[] tile = new float[TileOps.TILE];
        MemorySegment bytes = MemorySegment.ofArray(new byte[TileOps.TILE * dtype.bytes()]);
        long elements = rows * columns;
        for (long from = 0; from < elements; from += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, elements - from);
            for (int i = 0; i < n; i++) {
                tile[i] = values.getAtIndex(ValueLayout.JAVA_FLOAT, index(from + i));
            }
            ops.narrow(tile, n, dtype, bytes, 0);
            ops.widen(dtype, bytes, 0, tile, n);
            for (int i = 0; i < n; i++) {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, index(from + i), tile[i]);
            }
            sink.write(from * dtype.bytes(), bytes.asSlice(0, (long) n * dtype.bytes()));
        }
    }

    /// Position in memory of element `i` of the stored factor.
    private long index(long i) {
        return transposed ? i % rows * columns + i / rows : i;
    }
}
