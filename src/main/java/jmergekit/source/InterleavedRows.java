package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// The interleaved rows of matrices of one shape.
///
/// @param columns length of the rows
public record InterleavedRows(List<SourceTensor> parts, long columns) implements SourceTensor {
    public InterleavedRows {
        parts = List.copyOf(parts);
    }

    @Override
    public long elements() {
        return parts.size() * parts.getFirst().elements();
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
        float[] piece = new float[(int) Math.min(n, columns)];
        int done = 0;
        while (done < n) {
            long row = (from + done) / columns;
            long column = (from + done) % columns;
            int length = (int) Math.min(n - done, columns - column);
            SourceTensor part = parts.get((int) (row % parts.size()));
            part.read(row / parts.size() * columns + column, length, piece);
            System.arraycopy(piece, 0, into, done, length);
            done += length;
        }
    }
}
