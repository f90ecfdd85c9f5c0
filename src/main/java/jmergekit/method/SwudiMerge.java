package jmergekit.method;

import java.util.Arrays;
import jmergekit.linalg.InputGram;
import jmergekit.primitive.Matrix;

/// The limit of WUDI's gradient descent in closed form, with a filter on the eigenvalues: directions of
/// the inputs that the task vectors use are solved for, the others stay those of the sum.
///
/// Sources: WUDI-Merging, <https://arxiv.org/abs/2503.08099>; SWUDI, <https://arxiv.org/abs/2606.07289>.
final class SwudiMerge extends SpectralMethod {
    private static final Param TIME =
            Param.number("time", "how far the descent goes; large values solve the directions")
                    .orElse(300)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final Param RANK_RATIO =
            Param.number(
                            "rank_ratio",
                            "fraction of the eigenvalues to solve for; 0: their participation ratio")
                    .orElse(0)
                    .within(0, 1);

    private static final MethodInfo INFO =
            MethodInfo.named("swudi", "SWUDI")
                    .summary(
                            "Minimises the interference of the merged task vector with each model's own inputs, in closed form.")
                    .formula(
                            "base + lambda * (D - D V f Vᵀ + E V (f / l) Vᵀ), with D = sum_i(d_i),"
                                    + " C = sum_i(d_iᵀ d_i / |d_i|²) = V diag(l) Vᵀ, E = sum_i(d_i d_iᵀ d_i / |d_i|²),"
                                    + " f = 1 - exp(-l time) of the first K, 0 of the others")
                    .reference("https://arxiv.org/abs/2606.07289")
                    .taskVectors()
                    .params(WEIGHT, TIME, RANK_RATIO, CommonParams.LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    Matrix change(MergeInput input, Changes changes) {
        try (InputGram gram = new InputGram(Math.toIntExact(input.shape().size(1)))) {
            for (int source : input.others()) {
                if (changes.squaredNorm(source) > 0) {
                    gram.add(changes.of(source), 1 / changes.squaredNorm(source));
                }
            }
            double[] values = gram.eigenvalues();
            int kept = kept(values, input.number(RANK_RATIO));
            double[] filter = new double[values.length];
            double[] inverse = new double[values.length];
            for (int i = 0; i < kept; i++) {
                filter[i] = -Math.expm1(-values[i] * input.number(TIME));
                inverse[i] = values[i] == 0 ? 0 : filter[i] / values[i];
            }
            gram.filter(filter, inverse);
            float[] merged = new float[Math.toIntExact(input.elements())];
            for (int source : input.others()) {
                if (changes.squaredNorm(source) > 0) {
                    gram.addFiltered(changes.of(source), 1 / changes.squaredNorm(source), merged);
                }
            }
            return Matrix.of(input.shape(), merged);
        }
    }

    // The participation ratio of x is (sum x)² / sum x²: as many values as count; here x = sqrt(l).
    private static int kept(double[] values, double ratio) {
        double share = ratio;
        if (ratio == 0) {
            double sum = Arrays.stream(values).map(Math::sqrt).sum();
            share = sum * sum / Arrays.stream(values).sum() / values.length;
        }
        return Math.clamp(Math.round(share * values.length), 1, values.length);
    }

    @Override
    int copies() {
        return 3;
    }

    /// For the eigendecomposition the Gram matrix on the columns, its eigenvectors and the working
    /// memory, later two products in place of the last; a task vector with two products.
    @Override
    long offHeap(MergeInput input) {
        long columns = input.shape().size(1);
        return Double.BYTES * (5 * columns * columns + 3 * input.elements());
    }
}
