package jmergekit.linalg;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// A matrix truncated to a rank, as the product `B A` of factors that share the singular values:
/// each contains their square roots.
///
/// @param a `[rank, columns]`, row by row
/// @param b `[rows, rank]`, row by row
/// @param norm Frobenius norm of the matrix before the truncation
/// @param error Frobenius norm of the part that the truncation removes
public record TruncatedProduct(float[] a, float[] b, double norm, double error) {
    /// The product `left * middle * rightᵀ`.
    ///
    /// @param left with orthonormal columns
    /// @param right with orthonormal columns
    static TruncatedProduct of(DMatrixRMaj left, DMatrixRMaj middle, DMatrixRMaj right, int rank) {
        ThinSvd svd = ThinSvd.of(middle);
        int kept = Math.min(rank, svd.rank());
        float[] b = new float[left.numRows * rank];
        float[] a = new float[rank * right.numRows];
        if (kept > 0) {
            DMatrixRMaj tall = product(left, svd.scaledLeft(kept));
            DMatrixRMaj wide = product(right, svd.scaledRight(kept));
            for (int i = 0; i < left.numRows; i++) {
                for (int j = 0; j < kept; j++) {
                    b[i * rank + j] = (float) tall.data[i * kept + j];
                }
            }
            for (int i = 0; i < right.numRows; i++) {
                for (int j = 0; j < kept; j++) {
                    a[j * right.numRows + i] = (float) wide.data[i * kept + j];
                }
            }
        }
        return new TruncatedProduct(a, b, svd.normFrom(0), svd.normFrom(kept));
    }

    /// A zero matrix.
    static TruncatedProduct zero(int rows, int columns, int rank) {
        return new TruncatedProduct(new float[rank * columns], new float[rows * rank], 0, 0);
    }

    private static DMatrixRMaj product(DMatrixRMaj x, DMatrixRMaj y) {
        DMatrixRMaj product = new DMatrixRMaj(x.numRows, y.numCols);
        CommonOps_DDRM.mult(x, y, product);
        return product;
    }
}
