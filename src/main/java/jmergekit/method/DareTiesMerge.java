package jmergekit.method;

import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Primitives;

/// Thins out each task vector at random, and adds the elements that have the elected sign to the
/// base.
///
/// Source: Yu et al., "Language models are Super Mario", <https://arxiv.org/abs/2311.03099>. The
/// vote follows TIES, <https://arxiv.org/abs/2306.01708>.
final class DareTiesMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("dare_ties", "DARE TIES")
                    .summary(
                            "Drops elements of each task vector at random and rescales the rest, then lets the task"
                                    + " vectors vote on the sign of each element.")
                    .formula(
                            "base + lambda * sum_i(weight_i * scale_i * d_i), over the elements of d_i that were drawn and"
                                    + " have the sign of the sum")
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
        TaskVectors.add(input, primitives, Dropping.masks(input), Election.WEIGHTED);
    }
}
