package jmergekit.method;

import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.Primitives;

/// Averages, for each element, the changes of the models that changed it, and amplifies changes
/// that only one model made. The amplification grows with the fraction of that model's changes that
/// other models share.
///
/// Source: Yuan et al., "Behavior knowledge merge in reinforced agentic models",
/// <https://arxiv.org/abs/2601.13572>; fractions are computed for each tensor.
final class RamplusTlMerge implements MergeMethod {
    private static final Param R =
            Param.number("r", "strength of the amplification")
                    .orElse(0.1)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final Param ALPHA =
            Param.number("alpha", "largest ratio of shared to lone changes that counts")
                    .orElse(0.2)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final MethodInfo INFO =
            MethodInfo.named("ramplus_tl", "RAM+ (tensor-local)")
                    .summary("Like ram, but amplifies changes that only one model made.")
                    .formula(
                            "base + mean of the d_i with |d_i| > epsilon; a lone one times 1 + r *"
                                    + " min(shared_i / lone_i, alpha), its model's counts")
                    .reference("https://arxiv.org/abs/2601.13572")
                    .taskVectors()
                    .params(RamMerge.EPSILON, R, ALPHA)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        double epsilon = input.number(RamMerge.EPSILON);
        long[][] counts = primitives.contributions(epsilon);
        double[] scales = new double[input.sources()];
        for (int i : input.others()) {
            double ratio = counts[i][1] / Math.max(counts[i][0], epsilon);
            scales[i] = 1 + input.number(R) * Math.min(ratio, input.number(ALPHA));
        }
        primitives.combine(new ContributionMean(epsilon, scales));
    }
}
