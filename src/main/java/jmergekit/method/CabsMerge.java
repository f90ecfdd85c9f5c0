package jmergekit.method;

import java.util.Optional;
import jmergekit.primitive.Combination.Elementwise;
import jmergekit.primitive.ElementRule;
import jmergekit.primitive.Primitives;

/// Keeps the largest changes of each model within short groups of elements, at elements that no
/// earlier model has taken, and adds them to the base.
///
/// Source: Yang et al., "CABS: conflict-aware and balanced sparsification for enhancing model
/// merging", <https://arxiv.org/abs/2503.01874>.
final class CabsMerge implements MergeMethod {
    private static final Param WEIGHT = CommonParams.WEIGHT.orElse(1);

    private static final Param N =
            Param.number("n", "elements that each model keeps of a group; rounded down")
                    .orElse(64)
                    .within(1, ElementRule.LONGEST_GROUP);

    private static final Param M =
            Param.number("m", "consecutive elements of a row that form a group; rounded down")
                    .orElse(256)
                    .within(1, ElementRule.LONGEST_GROUP);

    private static final MethodInfo INFO =
            MethodInfo.named("cabs", "CABS")
                    .summary(
                            "Gives each model the largest changes in every group of elements that"
                                    + " earlier models left.")
                    .formula(
                            "base + lambda * sum_i(weight_i * d_i), over the n largest d_i = x_i -"
                                    + " base in each m consecutive elements, without those that models"
                                    + " before i keep")
                    .reference("https://arxiv.org/abs/2503.01874")
                    .taskVectors()
                    .params(WEIGHT, N, M, CommonParams.LAMBDA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        int n = (int) input.number(N);
        int m = (int) input.number(M);
        return n <= m
                ? Optional.empty()
                : Optional.of("'n' is %d, but a group has only %d elements ('m')".formatted(n, m));
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        float[] weights = new float[input.others().size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) input.number(input.others().get(i), WEIGHT);
        }
        primitives.combine(
                new Elementwise(
                        new GroupPruning(weights, (int) input.number(N), (int) input.number(M)),
                        input.number(CommonParams.LAMBDA)));
    }
}
