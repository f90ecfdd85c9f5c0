package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import jmergekit.weights.ScratchFile;

/// A vector for each token of all texts, in a scratch file. Thread-safe for different slices.
final class TokenStates implements AutoCloseable {
    private final ScratchFile.Region region;
    private final int size;

    /// @param size of a vector
    TokenStates(ScratchFile scratch, long tokens, int size) {
        this.region = scratch.region(tokens * size * Float.BYTES);
        this.size = size;
    }

    /// The vectors of a slice, (tokens, size), as an array of `owner`.
    NDArray read(TextSlice slice, NDManager owner) {
        NDArray x = owner.create(new Shape(slice.tokens(), size), DataType.FLOAT32);
        MemorySegment.ofBuffer(x.toByteBuffer(true)).copyFrom(bytes(slice));
        return x;
    }

    void write(TextSlice slice, NDArray x) {
        bytes(slice).copyFrom(MemorySegment.ofBuffer(x.toByteBuffer(true)));
    }

    /// The vectors of a slice as float32, row-major.
    MemorySegment bytes(TextSlice slice) {
        long row = (long) size * Float.BYTES;
        return region.bytes().asSlice(slice.first() * row, slice.tokens() * row);
    }

    @Override
    public void close() {
        region.close();
    }
}
