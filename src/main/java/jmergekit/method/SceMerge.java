package jmergekit.method;

import java.util.Arrays;
import jmergekit.primitive.Combination.Division;
import jmergekit.primitive.Combination.Election;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Primitives;

/// Selects the elements where the task vectors vary most, computes the models' weights from the
/// squares of the selected elements, and erases elements with the minority sign.
///
/// Source: Wan et al., "FuseChat", <https://arxiv.org/abs/2408.07990>.
final class SceMerge implements MergeMethod {
    private static final Param SELECT_TOPK =
            Param.number(
                            "select_topk",
                            "fraction of the elements with the largest variance to keep")
                    .orElse(1)
                    .within(0, 1);

    private static final MethodInfo INFO =
            MethodInfo.named("sce", "SCE")
                    .summary(
                            "Keeps the elements where the models differ most, and weights the models"
                                    + " by the squares of their changes.")
                    .formula(
                            "base + sum_i(w_i * d_i) / sum_i(w_i), over the selected d_i whose sign"
                                    + " is that of sum_i(d_i); w_i = sum(d_i^2) / sum_j(sum(d_j^2))")
                    .reference("https://arxiv.org/abs/2408.07990")
                    .taskVectors()
                    .params(SELECT_TOPK, CommonParams.INT8_MASK)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        double[] ones = new double[input.sources()];
        Arrays.fill(ones, 1);
        Mask[] masks = primitives.selectVarying(input.number(SELECT_TOPK));
        primitives.combine(
                new TaskVectorSum(
                        weights(input, primitives, masks),
                        ones,
                        masks,
                        Election.UNWEIGHTED,
                        Division.ELECTED_WEIGHTS,
                        1));
    }

    // Equal weights if nothing is left of any model.
    private static double[] weights(MergeInput input, Primitives primitives, Mask[] masks) {
        double[] squares = primitives.squareSums(masks);
        double total = 0;
        for (int i : input.others()) {
            total += squares[i];
        }
        double[] weights = new double[squares.length];
        for (int i : input.others()) {
            weights[i] = total == 0 ? 1.0 / input.others().size() : squares[i] / total;
        }
        return weights;
    }
}
