package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// A source whose elements are computed from those of another source as they are read.
interface DerivedTensor extends SourceTensor {
    SourceTensor tensor();

    @Override
    default long elements() {
        return tensor().elements();
    }

    @Override
    default DType dtype() {
        return tensor().dtype();
    }

    @Override
    default Optional<MemorySegment> bytes() {
        return Optional.empty();
    }
}
