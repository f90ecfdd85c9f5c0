package jmergekit.tensor;

import java.lang.foreign.MemorySegment;

/// A tensor and its bytes: little-endian, row-major, without gaps, of any alignment.
public record TensorView(TensorSpec spec, MemorySegment bytes) {
    public TensorView {
        if (bytes.byteSize() != spec.bytes()) {
            throw new IllegalArgumentException(
                    "%s needs %d bytes, got %d"
                            .formatted(spec.name(), spec.bytes(), bytes.byteSize()));
        }
    }
}
