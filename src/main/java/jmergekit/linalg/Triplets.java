package jmergekit.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import jmergekit.primitive.Matrix;

/// Singular triplets of several matrices of one size: the first ones of each.
///
/// For one thread at a time; close it to free the memory, which is off-heap: `8 (m + n)` bytes for each
/// triplet of matrices of `m` rows and `n` columns.
public final class Triplets implements AutoCloseable {
    private final List<Basis> left = new ArrayList<>();
    private final List<Basis> right = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();
    // Without those that are zero, for which there are no vectors.
    private final List<Double> kept = new ArrayList<>();
    private int rows;
    private int columns;

    /// Adds the triplets with the `count` largest singular values of a finite matrix.
    public void add(Matrix matrix, int count) {
        rows = matrix.rows();
        columns = matrix.columns();
        if (count == 0) {
            return;
        }
        try (Svd svd = Svd.of(matrix)) {
            double[] all = svd.values();
            int used = Math.min(count, svd.rank());
            for (int i = 0; i < count; i++) {
                values.add(all[i]);
            }
            if (used > 0) {
                for (int i = 0; i < used; i++) {
                    kept.add(all[i]);
                }
                left.add(svd.left(used));
                right.add(svd.right(used));
            }
        }
    }

    /// The singular values in the order in which they were added, including those that are 0.
    public double[] values() {
        return values.stream().mapToDouble(v -> v).toArray();
    }

    /// Whether no singular value other than 0 was added.
    public boolean isEmpty() {
        return kept.isEmpty();
    }

    /// The part of a matrix that the left singular vectors of the first matrix do not span.
    public Matrix residual(Matrix matrix) {
        return left.getFirst().residual(matrix);
    }

    /// `polar(U) diag(s) polar(V)ᵀ`, where U and V are all left and all right vectors, and `s` are the
    /// singular values changed by a rule. Singular values of 0 stay 0.
    public Matrix orthogonalised(DoubleUnaryOperator rule) {
        if (kept.isEmpty()) {
            return new Matrix(new float[rows * columns], rows, columns);
        }
        double[] changed = kept.stream().mapToDouble(rule::applyAsDouble).toArray();
        try (Basis u = polar(left);
                Basis v = polar(right)) {
            return u.product(changed, v);
        }
    }

    private static Basis polar(List<Basis> parts) {
        try (Basis joined = Basis.joined(parts)) {
            return joined.polar();
        }
    }

    @Override
    public void close() {
        left.forEach(Basis::close);
        right.forEach(Basis::close);
    }
}
