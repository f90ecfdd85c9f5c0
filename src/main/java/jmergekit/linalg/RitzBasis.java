package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;

/// The singular triplets of a matrix within a subspace: the matrix times `right` is `left`, whose
/// columns are orthogonal and have the singular values as their lengths.
///
/// @param left with as many rows as the matrix
/// @param right with as many rows as the matrix has columns; its columns are orthonormal
/// @param squares of the singular values, largest first
record RitzBasis(NDArray left, NDArray right, double[] squares) {
    /// Directions whose square is below this fraction of the largest one are rounding errors.
    private static final double LOST = 1e-14;

    /// The triplets within the span of `right`.
    ///
    /// @param left the matrix times `right`
    static RitzBasis of(NDArray left, NDArray right) {
        SymmetricEigen eigen = Panels.gram(left);
        double[] values = eigen.values();
        double floor = LOST * Math.max(values[0], 0);
        int count = (int) Arrays.stream(values).filter(v -> v > floor).count();
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return new RitzBasis(
                Panels.rotated(left, eigen, count, ones),
                Panels.rotated(right, eigen, count, ones),
                Arrays.copyOf(values, count));
    }

    /// The sum of the squares of the largest `rank` singular values.
    double captured(int rank) {
        return Arrays.stream(squares).limit(rank).sum();
    }

    /// The square of the smallest singular value.
    double smallest() {
        return squares[squares.length - 1];
    }

    int size() {
        return squares.length;
    }
}
