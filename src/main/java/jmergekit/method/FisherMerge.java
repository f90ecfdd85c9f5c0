package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.primitive.Combination.StatisticsMean;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Average of the models' weights, in which each element counts by its Fisher information. Tensors
/// without that information are averaged.
///
/// Source: Matena and Raffel, "Merging Models with Fisher-Weighted Averaging",
/// <https://arxiv.org/abs/2111.09832>.
final class FisherMerge implements MergeMethod {
    /// Relative to the tensor's mean, so that the scale of the statistics changes nothing.
    private static final Param FLOOR =
            Param.number(
                            "floor",
                            "smallest Fisher information of an element, as a fraction of the"
                                    + " tensor's mean over all models")
                    .orElse(1e-6)
                    .within(0, 1);

    private static final MethodInfo INFO =
            MethodInfo.named("fisher", "Fisher Merging")
                    .summary(
                            "Averages the models' weights, and counts each element by its Fisher"
                                    + " information on the model's own data.")
                    .formula(
                            "sum_i(weight_i * F_i * x_i) / sum_i(weight_i * F_i), for each element")
                    .reference("https://arxiv.org/abs/2111.09832")
                    .statistics(StatisticsKind.FISHER)
                    .params(CommonParams.SHARE, FLOOR)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return CommonParams.noShares(input);
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        double[] weights = CommonParams.shares(input);
        if (input.sources() == 1 || !primitives.haveStatistics()) {
            primitives.combine(new WeightedSum(CommonParams.normalised(weights)));
            return;
        }
        double mean = Arrays.stream(primitives.statisticsMeans()).average().orElse(0);
        double floor = Math.max(0, input.number(FLOOR) * mean);
        primitives.combine(new StatisticsMean(weights, floor));
    }
}
