package jmergekit.linalg;

import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/// Eigenvalues, largest first, and eigenvectors of a small symmetric matrix.
///
/// @param vectors `vectors[i]` belongs to `values[i]` and has length 1
public record SymmetricEigen(double[] values, double[][] vectors) {
    /// @param matrix `n` rows in row-major order, all elements finite
    /// @throws ArithmeticException if the iteration does not converge
    public static SymmetricEigen of(double[] matrix, int n) {
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
        if (!eigen.decompose(new DMatrixRMaj(n, n, true, matrix))) {
            throw new ArithmeticException(
                    "cannot compute the eigenvalues of a matrix of %d rows".formatted(n));
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingDouble((Integer i) -> -eigen.getEigenvalue(i).getReal()));
        double[] values = new double[n];
        double[][] vectors = new double[n][];
        for (int i = 0; i < n; i++) {
            values[i] = eigen.getEigenvalue(order[i]).getReal();
            vectors[i] = eigen.getEigenVector(order[i]).getData();
        }
        return new SymmetricEigen(values, vectors);
    }

    /// The first `count` vectors as columns of a matrix in row-major order, each multiplied by a
    /// factor.
    double[] columns(int count, double[] factors) {
        int n = values.length;
        double[] columns = new double[n * count];
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < count; i++) {
                columns[row * count + i] = vectors[i][row] * factors[i];
            }
        }
        return columns;
    }
}
