package jmergekit.method.reference;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// The least-squares solution `(sum_i w_i W_i G_i) (sum_i w_i G_i)^-1` of a linear layer `y = W x`, where
/// the off-diagonal elements of each `G_i` are multiplied by a factor first. The sum is regular.
///
/// Source: Jin et al., "Dataless Knowledge Fusion by Merging Weights of Language Models",
/// <https://arxiv.org/abs/2212.09849>, section 3, for the transposed layer `y = x W`.
public final class RegmeanReference {
    private RegmeanReference() {}

    /// @param models weights in row-major order, `rows` by `columns`
    /// @param grams in row-major order, `columns` by `columns`
    public static double[] merge(
            float[][] models, float[][] grams, double[] weights, int rows, double offDiagonal) {
        int columns = models[0].length / rows;
        DMatrixRMaj left = new DMatrixRMaj(rows, columns);
        DMatrixRMaj sum = new DMatrixRMaj(columns, columns);
        for (int m = 0; m < models.length; m++) {
            DMatrixRMaj gram = wide(grams[m], columns, columns);
            for (int i = 0; i < gram.data.length; i++) {
                gram.data[i] *= weights[m] * (i / columns == i % columns ? 1 : offDiagonal);
            }
            CommonOps_DDRM.multAdd(wide(models[m], rows, columns), gram, left);
            CommonOps_DDRM.addEquals(sum, gram);
        }
        DMatrixRMaj merged = new DMatrixRMaj(columns, rows);
        CommonOps_DDRM.solve(sum, CommonOps_DDRM.transpose(left, null), merged);
        return CommonOps_DDRM.transpose(merged, null).data;
    }

    private static DMatrixRMaj wide(float[] values, int rows, int columns) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < values.length; i++) {
            matrix.data[i] = values[i];
        }
        return matrix;
    }
}
