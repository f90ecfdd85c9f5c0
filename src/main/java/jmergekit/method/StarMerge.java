package jmergekit.method;

import java.util.Arrays;
import jmergekit.linalg.Svd;
import jmergekit.primitive.Matrix;

/// Truncates the singular values of each task vector, rescales the rest to the nuclear norm before, and
/// averages the task vectors.
///
/// Source: Lee et al., "STAR: spectral truncation and rescale for model merging",
/// <https://arxiv.org/abs/2502.10339>, section 3.
final class StarMerge extends SpectralMethod {
    private static final double SMALLEST_DIVISOR = 1e-8;

    private static final Param NUCLEAR_SHARE =
            Param.number("nuclear_share", "share of the sum of the singular values to keep")
                    .orElse(0.4)
                    .within(0, 1);

    private static final MethodInfo INFO =
            MethodInfo.named("star", "STAR")
                    .summary(
                            "Drops the small singular values of each task vector, rescales the others to the same sum, and averages.")
                    .formula(
                            "base + lambda * sum_i(weight_i * t_i) / sum_i(weight_i), t_i is d_i with its first k singular"
                                    + " values only, times the sum of all over the sum of those")
                    .reference("https://arxiv.org/abs/2502.10339")
                    .taskVectors()
                    .params(WEIGHT, NUCLEAR_SHARE, CommonParams.LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    int copies() {
        return 3;
    }

    @Override
    long offHeap(MergeInput input) {
        return Matrices.decomposition(input);
    }

    @Override
    Matrix change(MergeInput input, Changes changes) {
        double divisor = Arrays.stream(input.numbers(WEIGHT)).sum();
        // As for other tensors: weights that cancel out are not used as divisors.
        double factor = Math.abs(divisor) < SMALLEST_DIVISOR ? 1 : 1 / divisor;
        float[] sum = new float[Math.toIntExact(input.elements())];
        for (int source : input.others()) {
            if (changes.squaredNorm(source) > 0) {
                float[] kept = truncated(changes.of(source), input.number(NUCLEAR_SHARE)).values();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += (float) (factor * kept[i]);
                }
            }
        }
        return Matrix.of(input.shape(), sum);
    }

    private static Matrix truncated(Matrix change, double share) {
        try (Svd svd = Svd.of(change)) {
            double[] values = svd.values();
            double total = Arrays.stream(values).sum();
            int kept = 0;
            double sum = 0;
            while (kept < svd.rank() && (kept == 0 || sum < share * total)) {
                sum += values[kept++];
            }
            Arrays.fill(values, kept, values.length, 0);
            double scale = total / sum;
            Arrays.setAll(values, i -> scale * values[i]);
            return svd.with(values);
        }
    }
}
