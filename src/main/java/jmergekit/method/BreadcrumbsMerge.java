package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Primitives;

/// Drops the largest and the smallest elements of each task vector, and adds the weighted task
/// vectors to the base.
///
/// Source: Davari and Belilovsky, "Model Breadcrumbs", <https://arxiv.org/abs/2312.06795>.
final class BreadcrumbsMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("breadcrumbs", "Model Breadcrumbs")
                    .summary(
                            "Drops the largest and the smallest elements of each task vector, then adds the task"
                                    + " vectors to the base.")
                    .formula(
                            "base + lambda * sum_i(weight_i * scale_i * d_i), over the elements of d_i that were kept")
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
        TaskVectors.add(input, primitives, MiddleSelection.masks(input, primitives), Election.NONE);
    }
}
