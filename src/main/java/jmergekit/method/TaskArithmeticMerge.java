package jmergekit.method;

import jmergekit.kernel.Primitives;

/// Adds the weighted differences of the models from a base model to that base model.
///
/// Source: Ilharco et al., "Editing models with task arithmetic",
/// <https://arxiv.org/abs/2212.04089>.
final class TaskArithmeticMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("task_arithmetic", "Task Arithmetic")
                    .summary("Adds the models' weighted differences from a base to that base.")
                    .formula("base + lambda * sum_i(weight_i * (x_i - base))")
                    .reference("https://arxiv.org/abs/2212.04089")
                    .taskVectors()
                    .params(
                            CommonParams.WEIGHT,
                            CommonParams.normalize(false),
                            CommonParams.LAMBDA,
                            CommonParams.INT8_MASK)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        TaskVectors.add(input, primitives);
    }
}
