package jmergekit.method;

import java.util.Arrays;
import jmergekit.linalg.Svd;
import jmergekit.primitive.Matrix;

/// Adds the task vectors, and replaces all singular values of the sum by their mean, so that the
/// directions of every model count the same.
///
/// Source: Marczak et al., "No task left behind: isotropic model merging with common and task-specific
/// subspaces", <https://arxiv.org/abs/2502.04959>, section 4.
final class IsoCMerge extends SpectralMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("iso_c", "Iso-C")
                    .summary(
                            "Adds the task vectors and makes all singular values of the sum equal to their mean.")
                    .formula(
                            "base + lambda * mean(s) * U Vᵀ, where U diag(s) Vᵀ = sum_i(weight_i * d_i); matrices outside"
                                    + " the layers and vectors: base + lambda * mean_i(d_i)")
                    .reference("https://arxiv.org/abs/2502.04959")
                    .taskVectors()
                    .params(WEIGHT, CommonParams.LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    int copies() {
        return 2;
    }

    @Override
    long offHeap(MergeInput input) {
        return Matrices.decomposition(input);
    }

    @Override
    Matrix change(MergeInput input, Changes changes) {
        Matrix sum = changes.sum();
        return changes.polar(sum)
                .map(factor -> scaled(factor, sum))
                .orElseGet(() -> decomposed(sum));
    }

    private static Matrix decomposed(Matrix sum) {
        try (Svd svd = Svd.of(sum)) {
            double[] values = svd.values();
            Arrays.fill(values, Arrays.stream(values).average().orElseThrow());
            return svd.with(values);
        }
    }

    /// The polar factor times the mean singular value. The sum of the singular values is the scalar
    /// product of the factor and the matrix.
    private static Matrix scaled(Matrix factor, Matrix sum) {
        float[] values = factor.values();
        double product = 0;
        for (int i = 0; i < values.length; i++) {
            product += (double) values[i] * sum.values()[i];
        }
        double mean = product / Math.min(sum.rows(), sum.columns());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean * values[i]);
        }
        return factor;
    }
}
