package jmergekit.method;

import java.util.Arrays;
import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.Primitives;

/// Averages, for each element, the changes of the models that changed it.
///
/// Source: Yuan et al., "Behavior knowledge merge in reinforced agentic models",
/// <https://arxiv.org/abs/2601.13572>.
final class RamMerge implements MergeMethod {
    static final Param EPSILON =
            Param.number("epsilon", "magnitude above which a difference counts as a change")
                    .orElse(1e-5)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final MethodInfo INFO =
            MethodInfo.named("ram", "RAM")
                    .summary(
                            "Averages, for each element, the changes of the models that changed it.")
                    .formula("base + mean of the d_i = x_i - base with |d_i| > epsilon")
                    .reference("https://arxiv.org/abs/2601.13572")
                    .taskVectors()
                    .params(EPSILON)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        double[] ones = new double[input.sources()];
        Arrays.fill(ones, 1);
        primitives.combine(new ContributionMean(input.number(EPSILON), ones));
    }
}
