package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// Stacked matrices of equal width, from top to bottom.
public record StackedRows(List<SourceTensor> parts) implements SourceTensor {
    public StackedRows {
        parts = List.copyOf(parts);
    }

    @Override
    public long elements() {
        return parts.stream().mapToLong(SourceTensor::elements).sum();
    }

    @Override
    public DType dtype() {
        return parts.getFirst().dtype();
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        float[] piece = new float[n];
        long start = 0;
        int done = 0;
        for (SourceTensor part : parts) {
            long at = from + done - start;
            int length = Math.clamp(part.elements() - at, 0, n - done);
            if (length > 0) {
                part.read(at, length, piece);
                System.arraycopy(piece, 0, into, done, length);
                done += length;
            }
            start += part.elements();
        }
    }
}
