package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/// Operations on panels: float64 matrices with few columns.
final class Panels {
    /// Directions whose squared length is below this are rounding errors of the others.
    private static final double LOST = 1e-10;

    private Panels() {}

    /// Eigenvalues and eigenvectors of the transpose of `panel` times itself: the squares of its
    /// singular values, and its right singular vectors.
    static SymmetricEigen gram(NDArray panel) {
        try (NDArray transposed = panel.transpose();
                NDArray gram = transposed.matMul(panel)) {
            int n = (int) panel.getShape().get(1);
            return SymmetricEigen.of(gram.toDoubleArray(), n);
        }
    }

    /// `panel` times the first `count` eigenvectors, each multiplied by a factor.
    static NDArray rotated(NDArray panel, SymmetricEigen eigen, int count, double[] factors) {
        NDManager manager = panel.getManager();
        Shape shape = new Shape(eigen.values().length, count);
        try (NDArray columns = manager.create(eigen.columns(count, factors), shape)) {
            return panel.matMul(columns);
        }
    }

    /// Orthonormal columns with the same span as `panel`, except for directions lost in rounding.
    static NDArray orthonormal(NDArray panel) {
        try (NDArray once = orthonormalised(unitColumns(panel))) {
            // The first pass is only as accurate as the panel is well conditioned; the second pass
            // gets a nearly orthonormal one.
            return orthonormalised(once);
        }
    }

    private static NDArray orthonormalised(NDArray panel) {
        SymmetricEigen eigen = gram(panel);
        double[] values = eigen.values();
        double floor = LOST * values[0];
        int kept = (int) Arrays.stream(values).filter(v -> v > floor).count();
        double[] factors = Arrays.stream(values).map(v -> 1 / Math.sqrt(v)).toArray();
        return rotated(panel, eigen, kept, factors);
    }

    private static NDArray unitColumns(NDArray panel) {
        try (NDArray squares = panel.square();
                NDArray sums = squares.sum(new int[] {0});
                NDArray norms = sums.sqrt().maximum(Double.MIN_NORMAL)) {
            return panel.div(norms);
        }
    }

    /// Columns `from` (inclusive) to `end` (exclusive).
    static NDArray columns(NDArray panel, long from, long end) {
        return panel.get(new NDIndex(":, {}:{}", from, end));
    }

    /// Removes from `panel`, in place, its projection onto the orthonormal columns of `basis`.
    static void project(NDArray panel, NDArray basis) {
        try (NDArray transposed = basis.transpose();
                NDArray shares = transposed.matMul(panel);
                NDArray part = basis.matMul(shares)) {
            panel.subi(part);
        }
    }
}
