package jmergekit.primitive;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.TensorSpec;

/// Where the bytes of one output tensor go. Safe to use from several threads for different ranges.
public interface OutputTensor {
    TensorSpec spec();

    /// Puts `bytes` at `byteOffset` of the tensor's data.
    void write(long byteOffset, MemorySegment bytes);

    /// Hears, perhaps more than once, that a source has elements that are NaN or infinite and need
    /// not show in the output.
    default void sourceIsNotFinite() {}
}
