package jmergekit.primitive;

import java.lang.foreign.MemorySegment;
import jmergekit.tensor.TensorSpec;

/// The output of primitives that only read.
///
/// @param spec of the tensor that will be made later
public record NoOutput(TensorSpec spec) implements OutputTensor {
    @Override
    public void write(long byteOffset, MemorySegment bytes) {
        throw new IllegalStateException(
                "tensor '%s' is only measured here, not written".formatted(spec.name()));
    }
}
