package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Primitives;

/// Trims each task vector to its largest elements, elects a sign for each element, and sums only the
/// contributions of that sign.
///
/// Source: Yadav et al., "TIES-Merging", <https://arxiv.org/abs/2306.01708>.
final class TiesMerge implements MergeMethod {
    private static final MethodInfo INFO =
            MethodInfo.named("ties", "TIES")
                    .summary(
                            "Trims each task vector to its largest elements, elects a sign for each"
                                    + " element, and averages the elements with that sign.")
                    .formula(
                            "base + lambda * sum_i(weight_i * d_i) / sum_i(weight_i), over the"
                                    + " trimmed d_i whose sign is that of sum_i(weight_i * d_i)")
                    .reference("https://arxiv.org/abs/2306.01708")
                    .taskVectors()
                    .params(CommonParams.ofThinning(true, false))
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
        long[] keep = new long[input.sources()];
        for (int source : input.others()) {
            keep[source] = kept(input.number(source, CommonParams.DENSITY), input.elements());
        }
        TaskVectors.add(input, primitives, primitives.select(keep), Election.WEIGHTED);
    }

    // If the density leaves less than one element of a small tensor, its largest one is kept; the
    // reference stops there. See docs/divergences.md#ties-small-tensors.
    private static long kept(double density, long elements) {
        return density >= 1 ? elements : Math.max(1, (long) (density * elements));
    }
}
