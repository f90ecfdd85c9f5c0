package jmergekit;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A merged tensor.
///
/// @param name as in the output's files
/// @param dtype the name used by safetensors, such as `BF16`
/// @param shape sizes of the dimensions, outermost first
/// @param bytes the elements, row by row, little-endian; read-only
public record Tensor(String name, String dtype, List<Long> shape, MemorySegment bytes) {
    /// Copies the shape, but not the bytes.
    public Tensor {
        shape = List.copyOf(shape);
    }
}
