package jmergekit.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/// The singular triplets of a small or narrow matrix, largest value first, without directions that
/// are zero within rounding. In float64 and by one thread, so that every machine gets the same bits.
///
/// @param left as many rows as the matrix, orthonormal columns
/// @param values above 0
/// @param right as many rows as the matrix has columns, orthonormal columns
record ThinSvd(DMatrixRMaj left, double[] values, DMatrixRMaj right) {
    /// Singular values up to this fraction of the largest one are rounding errors of the others.
    private static final double LOST = 1e-12;

    /// @param matrix with finite elements; it is not changed
    /// @throws ArithmeticException if the iteration does not converge
    static ThinSvd of(DMatrixRMaj matrix) {
        double scale = matrix.getNumElements() == 0 ? 0 : CommonOps_DDRM.elementMaxAbs(matrix);
        if (scale == 0) {
            return new ThinSvd(
                    new DMatrixRMaj(matrix.numRows, 0),
                    new double[0],
                    new DMatrixRMaj(matrix.numCols, 0));
        }
        DMatrixRMaj scaled = new DMatrixRMaj(matrix.numRows, matrix.numCols);
        CommonOps_DDRM.divide(matrix, scale, scaled);
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(matrix.numRows, matrix.numCols, true, true, true);
        if (!svd.decompose(scaled)) {
            throw new ArithmeticException(
                    "cannot compute the singular values of a matrix of %d by %d"
                            .formatted(matrix.numRows, matrix.numCols));
        }
        double[] all = svd.getSingularValues();
        Integer[] order = new Integer[Math.min(matrix.numRows, matrix.numCols)];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -all[i]));
        List<Integer> kept =
                Arrays.stream(order).filter(i -> all[i] > LOST * all[order[0]]).toList();
        return new ThinSvd(
                columns(svd.getU(null, false), kept),
                kept.stream().mapToDouble(i -> scale * all[i]).toArray(),
                columns(svd.getV(null, false), kept));
    }

    private static DMatrixRMaj columns(DMatrixRMaj from, List<Integer> places) {
        DMatrixRMaj columns = new DMatrixRMaj(from.numRows, places.size());
        for (int row = 0; row < from.numRows; row++) {
            for (int i = 0; i < places.size(); i++) {
                columns.data[row * places.size() + i] = from.get(row, places.get(i));
            }
        }
        return columns;
    }

    int rank() {
        return values.length;
    }

    /// The leading left vectors, each multiplied by the square root of its singular value.
    DMatrixRMaj scaledLeft(int count) {
        return scaled(left, count);
    }

    /// The leading right vectors, each multiplied by the square root of its singular value.
    DMatrixRMaj scaledRight(int count) {
        return scaled(right, count);
    }

    private DMatrixRMaj scaled(DMatrixRMaj vectors, int count) {
        DMatrixRMaj scaled = new DMatrixRMaj(vectors.numRows, count);
        for (int row = 0; row < vectors.numRows; row++) {
            for (int i = 0; i < count; i++) {
                scaled.data[row * count + i] = vectors.get(row, i) * Math.sqrt(values[i]);
            }
        }
        return scaled;
    }

    /// The Frobenius norm without the leading triplets.
    double normFrom(int first) {
        double sum = 0;
        for (int i = values.length - 1; i >= first; i--) {
            sum += values[i] * values[i];
        }
        return Math.sqrt(sum);
    }
}
