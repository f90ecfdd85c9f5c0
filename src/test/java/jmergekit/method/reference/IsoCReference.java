package jmergekit.method.reference;

import java.util.Arrays;
import java.util.List;

/// Iso-C: all singular values of the summed task vectors become their mean.
///
/// Source: <https://arxiv.org/abs/2502.04959>, equation 5.
public final class IsoCReference {
    private IsoCReference() {}

    /// @param rows of all matrices, which are row-major
    public static double[] merge(
            float[] base, float[][] models, double[] weights, int rows, double lambda) {
        List<DoubleMatrix> all = DoubleMatrix.taskVectors(base, models, weights, rows);
        int rank = Math.min(rows, base.length / rows);
        DoubleMatrix sum = DoubleMatrix.sum(all);
        double[] values = sum.singularValues();
        double mean = Arrays.stream(values).sum() / rank;
        Arrays.fill(values, mean);
        return sum.withValues(values).addedTo(base, lambda);
    }
}
