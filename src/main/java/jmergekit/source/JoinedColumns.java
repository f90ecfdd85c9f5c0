package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// Matrices of equal height side by side, from left to right, each multiplied by a factor in
/// float32.
public record JoinedColumns(List<Part> parts) implements SourceTensor {
    public JoinedColumns {
        parts = List.copyOf(parts);
    }

    /// One of the matrices.
    public record Part(SourceTensor tensor, long columns, double factor) {}

    @Override
    public long elements() {
        return parts.stream().mapToLong(p -> p.tensor().elements()).sum();
    }

    @Override
    public DType dtype() {
        return parts.getFirst().tensor().dtype();
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        long columns = parts.stream().mapToLong(Part::columns).sum();
        float[] piece = new float[(int) Math.min(n, columns)];
        int done = 0;
        while (done < n) {
            long row = (from + done) / columns;
            long column = (from + done) % columns;
            long start = 0;
            for (Part part : parts) {
                long within = column - start;
                int length = Math.clamp(part.columns() - within, 0, n - done);
                if (within >= 0 && length > 0) {
                    part.tensor().read(row * part.columns() + within, length, piece);
                    copy(piece, (float) part.factor(), length, into, done);
                    done += length;
                    column += length;
                }
                start += part.columns();
            }
        }
    }

    private static void copy(float[] from, float factor, int n, float[] into, int at) {
        for (int i = 0; i < n; i++) {
            into[at + i] = factor * from[i];
        }
    }
}
