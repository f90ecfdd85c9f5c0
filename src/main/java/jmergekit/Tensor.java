package jmergekit;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A merged tensor.
///
/// @param name as in the output's files
/// @param dtype as safetensors calls it, such as `BF16`
/// @param shape sizes of the dimensions, outermost first
/// @param bytes the elements, row by row, little-endian; read-only
public record Tensor(String name, String dtype, List<Long> shape, MemorySegment bytes) {
    /// Takes a copy of the shape, and the bytes as they are.
    public Tensor {
        shape = List.copyOf(shape);
    }
}
