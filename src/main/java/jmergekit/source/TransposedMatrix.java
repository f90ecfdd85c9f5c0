package jmergekit.source;

import java.util.concurrent.ConcurrentLinkedDeque;
import jmergekit.primitive.SourceTensor;

/// A matrix with rows and columns exchanged. Strips of its rows are made as they are read, several at
/// a time, since a row of it lies scattered over the whole of the other.
///
/// @param tensor the other matrix, row-major
/// @param rows of the other matrix
/// @param strips that were made and are not being read: each thread takes one
public record TransposedMatrix(
        SourceTensor tensor, long rows, long columns, ConcurrentLinkedDeque<Strip> strips)
        implements DerivedTensor {
    /// Rows of a strip. So many elements of a row lie in few cache lines, whatever the dtype.
    private static final int STRIP = 64;

    /// Rows of the other matrix that are exchanged at a time, within the first-level cache.
    private static final int BLOCK = 16;

    /// @param rows of the other matrix
    public TransposedMatrix(SourceTensor tensor, long rows) {
        this(tensor, rows, rows == 0 ? 0 : tensor.elements() / rows, new ConcurrentLinkedDeque<>());
    }

    /// Consecutive rows.
    ///
    /// @param index which of the strips
    record Strip(long index, float[] values) {}

    /// Bytes of memory that a reading thread takes.
    ///
    /// @param rows of the other matrix
    public static long bytes(long rows) {
        return rows * STRIP * Float.BYTES;
    }

    @Override
    public void read(long from, int n, float[] into) {
        long stripElements = rows * STRIP;
        int done = 0;
        while (done < n) {
            long at = from + done;
            Strip strip = strip(at / stripElements);
            int start = (int) (at % stripElements);
            int length = (int) Math.min(n - done, stripElements - start);
            System.arraycopy(strip.values, start, into, done, length);
            strips.push(strip);
            done += length;
        }
    }

    private Strip strip(long index) {
        Strip other = null;
        for (Strip strip : strips) {
            if (strip.index == index && strips.remove(strip)) {
                return strip;
            }
        }
        other = strips.pollLast();
        float[] values = other == null ? new float[Math.toIntExact(rows * STRIP)] : other.values;
        fill(index * STRIP, values);
        return new Strip(index, values);
    }

    private void fill(long column, float[] values) {
        int width = (int) Math.min(STRIP, columns - column);
        float[] piece = new float[width];
        float[] block = new float[BLOCK * width];
        for (long row = 0; row < rows; row += BLOCK) {
            int height = (int) Math.min(BLOCK, rows - row);
            for (int i = 0; i < height; i++) {
                tensor.read((row + i) * columns + column, width, piece);
                System.arraycopy(piece, 0, block, i * width, width);
            }
            for (int k = 0; k < width; k++) {
                int to = (int) (k * rows + row);
                for (int i = 0; i < height; i++) {
                    values[to + i] = block[i * width + k];
                }
            }
        }
    }
}
