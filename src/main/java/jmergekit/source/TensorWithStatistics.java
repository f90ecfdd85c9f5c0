package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// A source with statistics of its model about it. Its own elements are read as without them.
public record TensorWithStatistics(SourceTensor tensor, SourceTensor values)
        implements SourceTensor {
    @Override
    public Optional<SourceTensor> statistics() {
        return Optional.of(values);
    }

    @Override
    public long elements() {
        return tensor.elements();
    }

    @Override
    public DType dtype() {
        return tensor.dtype();
    }

    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
    }

    @Override
    public void readDifference(long from, int n, float[] base, float[] into) {
        tensor.readDifference(from, n, base, into);
    }

    @Override
    public void addDifference(
            long from, int n, float[] base, float factor, float[] sum, float[] spare) {
        tensor.addDifference(from, n, base, factor, sum, spare);
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return tensor.bytes();
    }

    @Override
    public boolean isStored() {
        return tensor.isStored();
    }

    @Override
    public void copy(long from, int n, MemorySegment into) {
        tensor.copy(from, n, into);
    }
}
