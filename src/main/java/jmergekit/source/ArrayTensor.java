package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// A source whose values are in an array; only for small tensors.
public record ArrayTensor(float[] values) implements SourceTensor {
    @Override
    public long elements() {
        return values.length;
    }

    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public void read(long from, int n, float[] into) {
        System.arraycopy(values, (int) from, into, 0, n);
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }
}
