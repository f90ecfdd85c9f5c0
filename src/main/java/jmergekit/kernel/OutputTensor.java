package jmergekit.kernel;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.TensorSpec;

/// Where the bytes of one output tensor go. Safe to use from several threads for different ranges.
public interface OutputTensor {
    TensorSpec spec();

    /// Puts `bytes` at `byteOffset` of the tensor's data.
    void write(long byteOffset, MemorySegment bytes);
}
