package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Primitives;

/// Drops the largest and the smallest elements of each task vector, and adds the elements that have
/// the elected sign to the base.
///
/// Source: Davari and Belilovsky, "Model Breadcrumbs", <https://arxiv.org/abs/2312.06795>. The vote
/// follows TIES, <https://arxiv.org/abs/2306.01708>.
final class BreadcrumbsTiesMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("breadcrumbs_ties", "Model Breadcrumbs with TIES")
                    .summary(
                            "Drops the largest and the smallest elements of each task vector, then lets the task"
                                    + " vectors vote on the sign of each element.")
                    .formula(
                            "base + lambda * sum_i(weight_i * scale_i * d_i), over the elements of d_i that were kept and"
                                    + " have the sign of the sum")
                    .reference("https://arxiv.org/abs/2312.06795")
                    .taskVectors()
                    .params(CommonParams.ofThinning(false, false, MiddleSelection.GAMMA))
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return TaskVectors.violationIfEmpty(input);
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        TaskVectors.add(
                input, primitives, MiddleSelection.masks(input, primitives), Election.WEIGHTED);
    }
}
