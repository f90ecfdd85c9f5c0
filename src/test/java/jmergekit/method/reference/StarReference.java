package jmergekit.method.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// STAR: truncated and rescaled singular values, and the mean.
///
/// Source: <https://arxiv.org/abs/2502.10339>, section 3.
public final class StarReference {
    private StarReference() {}

    /// @param rows of all matrices, which are row-major
    public static double[] merge(
            float[] base,
            float[][] models,
            double[] weights,
            int rows,
            double share,
            double lambda) {
        List<DoubleMatrix> all = DoubleMatrix.taskVectors(base, models, weights, rows);
        int rank = Math.min(rows, base.length / rows);
        List<DoubleMatrix> kept = new ArrayList<>();
        for (DoubleMatrix d : all) {
            double[] values = d.singularValues();
            double total = Arrays.stream(values).sum();
            double sum = 0;
            int k = 0;
            while (k < rank && (k == 0 || sum < share * total)) {
                sum += values[k++];
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = i < k ? values[i] * total / sum : 0;
            }
            kept.add(d.withValues(values));
        }
        double divisor = Arrays.stream(weights).sum();
        return DoubleMatrix.sum(kept).times(1 / divisor).addedTo(base, lambda);
    }
}
