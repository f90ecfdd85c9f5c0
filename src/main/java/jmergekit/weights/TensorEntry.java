package jmergekit.weights;

import java.util.Optional;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;

/// A tensor and where its data begins, in bytes from the start of the file.
///
/// @param strides for a tensor whose elements are not contiguous in row-major order
public record TensorEntry(TensorSpec spec, long begin, Optional<Strides> strides) {
    public TensorEntry {
        if (strides.isPresent() && strides.get().steps().size() != spec.shape().rank()) {
            throw new IllegalArgumentException(spec + " with strides " + strides.get().steps());
        }
    }

    /// A tensor whose elements are contiguous in row-major order.
    public TensorEntry(TensorSpec spec, long begin) {
        this(spec, begin, Optional.empty());
    }

    /// The first byte after the data.
    public long end() {
        long elements = strides.map(s -> s.span(spec.shape())).orElse(spec.shape().elements());
        return begin + spec.dtype().bytes(elements);
    }

    /// The same data under another name.
    public TensorEntry withName(String name) {
        return new TensorEntry(spec.withName(name), begin, strides);
    }
}
