package jmergekit.source;

import jmergekit.primitive.SourceTensor;

/// A transposed matrix. Strips of several rows are computed as they are read, because the elements
/// of a row are scattered over the whole source matrix.
public final class TransposedMatrix implements DerivedTensor {
    /// Rows per strip. This many elements of a source row are in few cache lines, whatever the
    /// dtype.
    private static final int STRIP = 64;

    /// Rows of the source matrix that are transposed at a time, within the first-level cache.
    private static final int BLOCK = 16;

    private final SourceTensor tensor;
    private final long rows;
    private final long columns;
    private final Strips<float[]> strips;

    /// @param tensor the source matrix, row-major
    /// @param rows of the source matrix
    TransposedMatrix(SourceTensor tensor, long rows) {
        this.tensor = tensor;
        this.rows = rows;
        this.columns = rows == 0 ? 0 : tensor.elements() / rows;
        this.strips = new Strips<>(() -> new float[Math.toIntExact(rows * STRIP)], this::fill);
    }

    /// A transposed matrix in the fastest implementation.
    ///
    /// @param tensor the source matrix, row-major
    /// @param rows of the source matrix
    public static SourceTensor of(SourceTensor tensor, long rows) {
        return tensor instanceof MicroscaledTensor packed
                        && TransposedMicroscaled.fits(packed, rows)
                ? new TransposedMicroscaled(packed, Math.toIntExact(rows))
                : new TransposedMatrix(tensor, rows);
    }

    /// The memory that a reading thread uses, in bytes.
    ///
    /// @param rows of the source matrix
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
