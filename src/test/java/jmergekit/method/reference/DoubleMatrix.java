package jmergekit.method.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/// A matrix in double precision, with its singular value decomposition by EJML.
record DoubleMatrix(DMatrixRMaj values) {
    static DoubleMatrix zeros(int rows, int columns) {
        return new DoubleMatrix(new DMatrixRMaj(rows, columns));
    }

    static DoubleMatrix diagonal(double[] values) {
        return new DoubleMatrix(CommonOps_DDRM.diag(values));
    }

    /// The task vectors of row-major matrices, each multiplied by its weight.
    static List<DoubleMatrix> taskVectors(
            float[] base, float[][] models, double[] weights, int rows) {
        List<DoubleMatrix> all = new ArrayList<>();
        for (int m = 0; m < models.length; m++) {
            DMatrixRMaj d = new DMatrixRMaj(rows, base.length / rows);
            for (int i = 0; i < base.length; i++) {
                d.data[i] = weights[m] * ((double) models[m][i] - base[i]);
            }
            all.add(new DoubleMatrix(d));
        }
        return all;
    }

    static DoubleMatrix sum(List<DoubleMatrix> all) {
        return all.stream().reduce(DoubleMatrix::plus).orElseThrow();
    }

    /// The base plus `lambda` times this change.
    double[] addedTo(float[] base, double lambda) {
        double[] result = new double[base.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = base[i] + lambda * values.data[i];
        }
        return result;
    }

    DoubleMatrix plus(DoubleMatrix other) {
        DMatrixRMaj sum = new DMatrixRMaj(1, 1);
        CommonOps_DDRM.add(values, other.values, sum);
        return new DoubleMatrix(sum);
    }

    DoubleMatrix minus(DoubleMatrix other) {
        return plus(other.times(-1));
    }

    DoubleMatrix times(double factor) {
        DMatrixRMaj scaled = new DMatrixRMaj(1, 1);
        CommonOps_DDRM.scale(factor, values, scaled);
        return new DoubleMatrix(scaled);
    }

    DoubleMatrix times(DoubleMatrix other) {
        DMatrixRMaj product = new DMatrixRMaj(1, 1);
        CommonOps_DDRM.mult(values, other.values, product);
        return new DoubleMatrix(product);
    }

    DoubleMatrix transposed() {
        return new DoubleMatrix(CommonOps_DDRM.transpose(values, null));
    }

    double norm() {
        return NormOps_DDRM.normF(values);
    }

    private record Svd(DMatrixRMaj left, double[] values, DMatrixRMaj right) {}

    // The values in descending order.
    private Svd svd() {
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(values.numRows, values.numCols, true, true, true);
        if (!svd.decompose(values.copy())) {
            throw new ArithmeticException("no singular values");
        }
        DMatrixRMaj left = svd.getU(null, false);
        DMatrixRMaj right = svd.getV(null, false);
        DMatrixRMaj diagonal = svd.getW(null);
        SingularOps_DDRM.descendingOrder(left, false, diagonal, right, false);
        int rank = Math.min(values.numRows, values.numCols);
        double[] sorted = new double[rank];
        for (int i = 0; i < rank; i++) {
            sorted[i] = diagonal.get(i, i);
        }
        return new Svd(left, sorted, right);
    }

    double[] singularValues() {
        return svd().values();
    }

    /// The first `count` left singular vectors as columns.
    DoubleMatrix left(int count) {
        DMatrixRMaj left = svd().left();
        return new DoubleMatrix(CommonOps_DDRM.extract(left, 0, left.numRows, 0, count));
    }

    DoubleMatrix right(int count) {
        DMatrixRMaj right = svd().right();
        return new DoubleMatrix(CommonOps_DDRM.extract(right, 0, right.numRows, 0, count));
    }

    /// `P Qᵀ` of `P S Qᵀ`.
    DoubleMatrix polar() {
        double[] ones = new double[singularValues().length];
        Arrays.fill(ones, 1);
        return withValues(ones);
    }

    /// The matrix with other singular values.
    DoubleMatrix withValues(double[] replaced) {
        DoubleMatrix left = left(replaced.length);
        return left.times(diagonal(replaced)).times(right(replaced.length).transposed());
    }

    /// The function of a symmetric matrix without negative eigenvalues that changes each of them.
    DoubleMatrix ofSymmetric(DoubleUnaryOperator change) {
        double[] changed = singularValues();
        for (int i = 0; i < changed.length; i++) {
            changed[i] = change.applyAsDouble(changed[i]);
        }
        DoubleMatrix vectors = left(changed.length);
        return vectors.times(diagonal(changed)).times(vectors.transposed());
    }

    /// The columns of several matrices, in their order.
    static DoubleMatrix beside(List<DoubleMatrix> parts) {
        DMatrixRMaj all = parts.getFirst().values;
        for (DoubleMatrix part : parts.subList(1, parts.size())) {
            all = CommonOps_DDRM.concatColumns(all, part.values, null);
        }
        return new DoubleMatrix(all);
    }
}
