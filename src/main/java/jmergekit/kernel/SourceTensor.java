package jmergekit.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.tensor.DType;

/// One input of an output tensor, seen as a row-major run of elements.
public interface SourceTensor {
    long elements();

    /// The dtype it is stored in.
    DType dtype();

    /// Widens elements `from` to `from + n` into the front of `into`.
    void read(long from, int n, float[] into);

    /// The stored bytes, if the elements are exactly what is stored.
    Optional<MemorySegment> bytes();
}
