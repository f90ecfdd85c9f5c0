package jmergekit.method;

import java.util.Optional;
import jmergekit.arch.LayerName;
import jmergekit.linalg.GramRegression;
import jmergekit.linalg.OffHeap;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.Primitives;

/// For each linear layer the weight whose outputs on the models' own inputs are closest to theirs, in
/// the mean of squares. All other tensors are averaged.
///
/// With the weighted mean `M`, and `G_i` the Gram matrices with smaller off-diagonal elements, the
/// result is `M + sum_i w_i (W_i - M) G_i (sum_i w_i G_i)^-1`. That equals the paper's `sum_i W_i G_i
/// (sum_i G_i)^-1` if the sum is regular. If it is not, the mean stays along the directions of inputs
/// that no model has seen.
///
/// Source: Jin et al., "Dataless Knowledge Fusion by Merging Weights of Language Models",
/// <https://arxiv.org/abs/2212.09849>.
final class RegmeanMerge implements MergeMethod {
    /// The most elements of a matrix outside the layers that is not averaged. Whether one has a Gram
    /// matrix is not known when memory is reserved, and embeddings have none.
    private static final long LARGEST_OUTSIDE = 1 << 24;

    private static final Param OFF_DIAGONAL =
            Param.number("off_diagonal", "factor on the off-diagonal elements of the Gram matrices")
                    .orElse(0.9)
                    .within(0, 1);

    private static final MethodInfo INFO =
            MethodInfo.named("regmean", "RegMean")
                    .summary(
                            "Chooses the weights of linear layers whose outputs are closest to"
                                    + " those of the models on their own data.")
                    .formula(
                            "sum_i(weight_i * W_i * G_i) * sum_i(weight_i * G_i)^-1 for linear"
                                    + " layers; other tensors: sum_i(weight_i * x_i) / sum_i(weight_i)")
                    .reference("https://arxiv.org/abs/2212.09849")
                    .statistics(StatisticsKind.GRAM)
                    .params(CommonParams.SHARE, OFF_DIAGONAL)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return CommonParams.noShares(input);
    }

    /// The mean and one source in float32, and what the regression holds.
    @Override
    public long memory(MergeInput input) {
        if (input.sources() == 1 || !fits(input)) {
            return 0;
        }
        return Matrices.heap(input, 2);
    }

    private static boolean fits(MergeInput input) {
        return input.shape().rank() == 2
                && input.elements() > 0
                && input.elements() <= (isOfLayer(input) ? Matrix.MOST : LARGEST_OUTSIDE)
                && Matrix.columns(input.shape()) <= Math.sqrt(Matrix.MOST);
    }

    private static boolean isOfLayer(MergeInput input) {
        return LayerName.of(input.tensor()).isPresent();
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        double[] weights = CommonParams.normalised(CommonParams.shares(input));
        WeightedSum average = new WeightedSum(weights);
        if (input.sources() == 1 || !fits(input) || !primitives.haveStatistics()) {
            primitives.combine(average);
            return;
        }
        Matrix merged = primitives.result(average);
        OffHeap.with(
                GramRegression.bytes(merged.rows(), merged.columns()),
                () -> regressed(input, primitives, weights, merged));
        primitives.combine(new Combination.Computed(merged));
    }

    private static Matrix regressed(
            MergeInput input, Primitives primitives, double[] weights, Matrix merged) {
        try (GramRegression regression =
                new GramRegression(merged.rows(), merged.columns(), input.number(OFF_DIAGONAL))) {
            for (int i = 0; i < weights.length; i++) {
                if (weights[i] > 0) {
                    regression.add(
                            primitives.matrix(i), merged, primitives.statistics(i), weights[i]);
                }
            }
            regression.addSolution(merged);
            return merged;
        }
    }
}
