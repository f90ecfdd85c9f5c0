package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Weighted average of the models' weights.
///
/// Source: Wortsman et al., "Model soups", <https://arxiv.org/abs/2203.05482>.
final class LinearMerge implements MergeMethod {
    private static final Param NORMALIZE = CommonParams.normalize(true);

    private static final MethodInfo INFO =
            MethodInfo.named("linear", "Linear")
                    .summary("Averages the models' weights.")
                    .formula("sum_i(weight_i * x_i) / sum_i(weight_i)")
                    .reference("https://arxiv.org/abs/2203.05482")
                    .elementwise()
                    .params(CommonParams.WEIGHT, NORMALIZE)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        double[] weights = weights(input);
        double total = Arrays.stream(weights).sum();
        double size = Arrays.stream(weights).map(Math::abs).sum();
        return input.flag(NORMALIZE) && Math.abs(total) <= 1e-6 * size
                ? Optional.of(
                        "the values of 'weight' sum to "
                                + total
                                + ", which 'normalize' would divide by")
                : Optional.empty();
    }

    // Weights that do not sum to 1 change the base too.
    @Override
    public Optional<double[]> changeFactors(MergeInput input) {
        double[] factors = factors(input);
        boolean keepsBase = Math.abs(Arrays.stream(factors).sum() - 1) < 1e-9;
        return keepsBase ? Optional.of(factors) : Optional.empty();
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        primitives.combine(new WeightedSum(factors(input)));
    }

    private static double[] factors(MergeInput input) {
        double[] weights = weights(input);
        double divisor = input.flag(NORMALIZE) ? Arrays.stream(weights).sum() : 1;
        return Arrays.stream(weights).map(w -> w / divisor).toArray();
    }

    // The base is an ordinary input here and has a weight too.
    private static double[] weights(MergeInput input) {
        double[] weights = new double[input.sources()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = input.number(i, CommonParams.WEIGHT);
        }
        return weights;
    }
}
