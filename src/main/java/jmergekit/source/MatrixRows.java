package jmergekit.source;

import jmergekit.primitive.SourceTensor;

/// Some rows of a matrix.
///
/// @param tensor row-major
/// @param columns length of its rows
/// @param first the first of the rows
/// @param step from one row to the next
/// @param elements of all rows together
public record MatrixRows(SourceTensor tensor, long columns, long first, long step, long elements)
        implements DerivedTensor {
    @Override
    public void read(long from, int n, float[] into) {
        if (step == 1) {
            tensor.read(first * columns + from, n, into);
            return;
        }
        float[] piece = new float[(int) Math.min(n, columns)];
        int done = 0;
        while (done < n) {
            long row = (from + done) / columns;
            long column = (from + done) % columns;
            int length = (int) Math.min(n - done, columns - column);
            tensor.read((first + row * step) * columns + column, length, piece);
            System.arraycopy(piece, 0, into, done, length);
            done += length;
        }
    }
}
