package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.primitive.Primitives;

/// Adds the weighted differences between the models and a base model to that base model.
///
/// Source: Ilharco et al., "Editing models with task arithmetic",
/// <https://arxiv.org/abs/2212.04089>.
final class TaskArithmeticMerge implements MergeMethod {
    /// Smaller sums of weights are not used as divisors, as in
    /// [jmergekit.primitive.Combination.Division#WEIGHTS].
    private static final double SMALLEST_DIVISOR = 1e-8;

    private static final Param NORMALIZE = CommonParams.normalize(false);

    private static final MethodInfo INFO =
            MethodInfo.named("task_arithmetic", "Task Arithmetic")
                    .summary("Adds the models' weighted task vectors to the base.")
                    .formula("base + lambda * sum_i(weight_i * (x_i - base))")
                    .reference("https://arxiv.org/abs/2212.04089")
                    .taskVectors()
                    .elementwise()
                    .params(
                            CommonParams.WEIGHT,
                            NORMALIZE,
                            CommonParams.LAMBDA,
                            CommonParams.INT8_MASK)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<double[]> changeFactors(MergeInput input) {
        double[] weights = input.numbers(CommonParams.WEIGHT);
        double total = Arrays.stream(weights).sum();
        boolean divides = input.flag(NORMALIZE) && Math.abs(total) >= SMALLEST_DIVISOR;
        double divisor = divides ? total : 1;
        double factor = input.number(CommonParams.LAMBDA) / divisor;
        return Optional.of(Arrays.stream(weights).map(w -> factor * w).toArray());
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        TaskVectors.add(input, primitives);
    }
}
