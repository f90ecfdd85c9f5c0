package jmergekit.linalg;

import org.ejml.data.DMatrixRMaj;

/// A change of a matrix as a product: `scale * B A`.
///
/// @param a `[rank, columns]`, row by row
/// @param b `[rows, rank]`, row by row
public record FactorPair(float[] a, float[] b, int rank, double scale) {
    /// `A` transposed, `columns` by `rank`.
    DMatrixRMaj transposedA(int columns) {
        DMatrixRMaj matrix = new DMatrixRMaj(columns, rank);
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.data[j * rank + i] = a[i * columns + j];
            }
        }
        return matrix;
    }

    /// `scale * B`, `rows` by `rank`.
    DMatrixRMaj scaledB(int rows) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, rank);
        for (int i = 0; i < b.length; i++) {
            matrix.data[i] = scale * b[i];
        }
        return matrix;
    }
}
