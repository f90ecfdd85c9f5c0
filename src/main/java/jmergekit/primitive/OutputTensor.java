package jmergekit.primitive;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.TensorSpec;

/// Receives the bytes of one output tensor. Safe to use from several threads for different ranges.
public interface OutputTensor {
    TensorSpec spec();

    /// Writes `bytes` at `byteOffset` of the tensor's data.
    void write(long byteOffset, MemorySegment bytes);

    /// Called, possibly more than once, if a source has NaN or infinite elements that may not be
    /// visible in the output.
    default void sourceIsNotFinite() {}
}
