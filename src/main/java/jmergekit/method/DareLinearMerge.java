package jmergekit.method;

import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Primitives;

/// Thins out each task vector at random, and adds the weighted task vectors to the base.
///
/// Source: Yu et al., "Language models are Super Mario", <https://arxiv.org/abs/2311.03099>.
final class DareLinearMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("dare_linear", "Linear DARE")
                    .summary(
                            "Drops elements of each task vector at random and rescales the rest, then adds the task"
                                    + " vectors to the base.")
                    .formula(
                            "base + lambda * sum_i(weight_i * scale_i * d_i), over the elements of d_i that were drawn")
                    .reference("https://arxiv.org/abs/2311.03099")
                    .taskVectors()
                    .random()
                    .params(CommonParams.ofThinning(false, true))
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        TaskVectors.add(input, primitives, Dropping.masks(input), Election.NONE);
    }
}
