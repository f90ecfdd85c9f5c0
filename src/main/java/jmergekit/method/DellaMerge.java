package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Primitives;

/// Thins out each task vector at random, dropping small elements more often than large ones, and
/// adds the elements that have the elected sign to the base.
///
/// Source: Deep et al., "DELLA-Merging", <https://arxiv.org/abs/2406.11617>. The vote follows TIES,
/// <https://arxiv.org/abs/2306.01708>.
final class DellaMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("della", "DELLA")
                    .summary(
                            "Drops small elements of each task vector more often than large ones and rescales the"
                                    + " rest, then lets the task vectors vote on the sign of each element.")
                    .formula(
                            "base + lambda * sum_i(weight_i * scale_i * d_i), over the elements of d_i that were drawn and"
                                    + " have the sign of the sum")
                    .reference("https://arxiv.org/abs/2406.11617")
                    .taskVectors()
                    .random()
                    .params(CommonParams.ofThinning(true, true, RankedDropping.EPSILON))
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return RankedDropping.violation(input);
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        TaskVectors.add(
                input, primitives, RankedDropping.masks(input, primitives), Election.WEIGHTED);
    }
}
