package jmergekit.cpu;

import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// Collects the finished tiles of one chunk and passes them on in writes of about a mebibyte.
final class ChunkOutput {
    private final OutputTensor output;
    private final TileOps ops;
    private final Scratch scratch;
    private final DType dtype;
    private long offset;
    private long pending;

    ChunkOutput(OutputTensor output, TileOps ops, Scratch scratch, long firstElement) {
        this.output = output;
        this.ops = ops;
        this.scratch = scratch;
        this.dtype = output.spec().dtype();
        this.offset = firstElement * dtype.bytes();
    }

    void append(float[] tile, int n) {
        long bytes = (long) n * dtype.bytes();
        if (pending + bytes > Scratch.OUTPUT_BYTES) {
            flush();
        }
        ops.narrow(tile, n, dtype, scratch.output(), pending);
        pending += bytes;
    }

    void flush() {
        if (pending > 0) {
            output.write(offset, scratch.output().asSlice(0, pending));
            offset += pending;
            pending = 0;
        }
    }
}
