package jmergekit.source;

import jmergekit.primitive.SourceTensor;

/// A matrix with rows and columns exchanged. Strips of its rows are made as they are read, several at
/// a time, since a row of it lies scattered over the whole of the other.
public final class TransposedMatrix implements DerivedTensor {
    /// Rows of a strip. So many elements of a row lie in few cache lines, whatever the dtype.
    private static final int STRIP = 64;

    /// Rows of the other matrix that are exchanged at a time, within the first-level cache.
    private static final int BLOCK = 16;

    private final SourceTensor tensor;
    private final long rows;
    private final long columns;
    private final Strips<float[]> strips;

    /// @param tensor the other matrix, row-major
    /// @param rows of the other matrix
    TransposedMatrix(SourceTensor tensor, long rows) {
        this.tensor = tensor;
        this.rows = rows;
        this.columns = rows == 0 ? 0 : tensor.elements() / rows;
        this.strips = new Strips<>(() -> new float[Math.toIntExact(rows * STRIP)], this::fill);
    }

    /// A matrix transposed, as it is read fastest.
    ///
    /// @param tensor the other matrix, row-major
    /// @param rows of the other matrix
    public static SourceTensor of(SourceTensor tensor, long rows) {
        return tensor instanceof MicroscaledTensor packed
                        && TransposedMicroscaled.fits(packed, rows)
                ? new TransposedMicroscaled(packed, Math.toIntExact(rows))
                : new TransposedMatrix(tensor, rows);
    }

    /// Bytes of memory that a reading thread takes.
    ///
    /// @param rows of the other matrix
    public static long bytes(long rows) {
        return rows * STRIP * Float.BYTES;
    }

    @Override
    public SourceTensor tensor() {
        return tensor;
    }

    @Override
    public void read(long from, int n, float[] into) {
        long elements = rows * STRIP;
        int done = 0;
        while (done < n) {
            long at = from + done;
            Strips.Strip<float[]> strip = strips.take(at / elements);
            int start = (int) (at % elements);
            int length = (int) Math.min(n - done, elements - start);
            System.arraycopy(strip.values(), start, into, done, length);
            strips.give(strip);
            done += length;
        }
    }

    private void fill(float[] values, long index) {
        long column = index * STRIP;
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
