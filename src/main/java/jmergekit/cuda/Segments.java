package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import jmergekit.tensor.Shape;

/// How a tensor is divided into segments, each summed up by one block of threads. The division
/// depends only on the shape, so sums do not depend on how much of a tensor fits on a device.
///
/// A segment is one or several whole rows. A row of more than [#RUN] elements is divided into runs
/// of that length, the last one possibly shorter, and each run is a segment. In `kernels.cu`:
/// `segmentStart`.
///
/// @param elements of the tensor
/// @param rowLength elements along the last dimension
/// @param length of a segment, if rows are not divided into runs
/// @param runs number of runs per row, or 0
record Segments(long elements, long rowLength, long length, int runs) {
    /// The number of elements that a random mask ranks together in longer rows.
    static final long RUN = 1 << 20;

    /// The approximate number of elements of a segment.
    private static final long USUAL = 1 << 16;

    static Segments of(Shape shape) {
        long rowLength = Math.max(1, shape.rowLength());
        return ofRows(shape.elements(), rowLength, Math.max(1, USUAL / rowLength));
    }

    /// One segment for each row, or run of a row.
    Segments rows() {
        return ofRows(elements, rowLength, 1);
    }

    private static Segments ofRows(long elements, long rowLength, long rows) {
        return rowLength <= RUN
                ? new Segments(elements, rowLength, rowLength * rows, 0)
                : new Segments(
                        elements, rowLength, RUN, Math.toIntExact(Math.ceilDiv(rowLength, RUN)));
    }

    boolean areWholeRows() {
        return runs == 0;
    }

    long count() {
        return runs == 0
                ? Math.ceilDiv(elements, length)
                : Math.ceilDiv(elements, rowLength) * runs;
    }

    /// The first element of a segment; for the index after the last segment, the number of
    /// elements.
    long start(long segment) {
        long start =
                runs == 0 ? segment * length : segment / runs * rowLength + segment % runs * RUN;
        return Math.min(elements, start);
    }

    /// The maximum number of elements of a segment.
    long longest() {
        return Math.min(elements, length);
    }

    /// Segments `first` (inclusive) to `end` (exclusive), which are on a device together.
    record Part(long first, long end) {
        boolean isOne() {
            return end - first == 1;
        }

        /// The two halves of the part.
        List<Part> halves() {
            long middle = (first + end) / 2;
            return List.of(new Part(first, middle), new Part(middle, end));
        }
    }

    /// Parts of at most `mostElements` elements, or one segment if that is longer.
    List<Part> parts(long mostElements) {
        long each = Math.max(1, mostElements / length);
        List<Part> parts = new ArrayList<>();
        for (long first = 0; first < count(); first += each) {
            parts.add(new Part(first, Math.min(count(), first + each)));
        }
        return parts;
    }
}
