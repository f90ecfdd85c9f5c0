package jmergekit.method.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Iso-CTS: common directions from the sum, the rest from each model without the common ones.
///
/// Source: <https://arxiv.org/abs/2502.04959>, algorithm 1.
public final class IsoCtsReference {
    private IsoCtsReference() {}

    /// @param rows of all matrices, which are row-major
    public static double[] merge(
            float[] base,
            float[][] models,
            double[] weights,
            int rows,
            double commonSpace,
            double lambda) {
        List<DoubleMatrix> all = DoubleMatrix.taskVectors(base, models, weights, rows);
        int rank = Math.min(rows, base.length / rows);
        DoubleMatrix sum = DoubleMatrix.sum(all);
        int common = (int) Math.round(commonSpace * rank);
        int each = (rank - common) / all.size();
        List<DoubleMatrix> left = new ArrayList<>();
        List<DoubleMatrix> right = new ArrayList<>();
        DoubleMatrix spanned = sum.left(Math.max(1, common)).times(common > 0 ? 1 : 0);
        if (common > 0) {
            left.add(spanned);
            right.add(sum.right(common));
        }
        double total = Arrays.stream(sum.singularValues()).limit(common).sum();
        for (DoubleMatrix d : all) {
            DoubleMatrix rest = d.minus(spanned.times(spanned.transposed()).times(d));
            if (each > 0) {
                left.add(rest.left(each));
                right.add(rest.right(each));
            }
            total += Arrays.stream(rest.singularValues()).limit(each).sum();
        }
        double mean = total / (common + each * all.size());
        DoubleMatrix product =
                DoubleMatrix.beside(left)
                        .polar()
                        .times(DoubleMatrix.beside(right).polar().transposed());
        return product.times(mean).addedTo(base, lambda);
    }
}
