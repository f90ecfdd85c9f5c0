package jmergekit.method;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jmergekit.kernel.Combination.Division;
import jmergekit.kernel.Combination.TaskVectorSum;
import jmergekit.kernel.Mask;
import jmergekit.kernel.Primitives;
import jmergekit.method.MethodInfo.Base;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.method.MethodInfo.Single;

/// Adds the weighted differences of the models from a base model to that base model.
///
/// Source: Ilharco et al., "Editing models with task arithmetic",
/// <https://arxiv.org/abs/2212.04089>.
final class TaskArithmeticMerge implements MergeMethod {
    private static final Param NORMALIZE = CommonParams.normalize(false);

    private static final MethodInfo INFO =
            new MethodInfo(
                    "task_arithmetic",
                    "Task Arithmetic",
                    Optional.of("https://arxiv.org/abs/2212.04089"),
                    Base.REQUIRED,
                    1,
                    Integer.MAX_VALUE,
                    Single.REFUSE,
                    Mismatch.BASE_ROWS,
                    List.of(
                            CommonParams.WEIGHT,
                            NORMALIZE,
                            CommonParams.LAMBDA,
                            CommonParams.INT8_MASK));

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        Mask[] masks = new Mask[input.sources()];
        double[] scales = new double[input.sources()];
        Arrays.fill(masks, Mask.ALL);
        Arrays.fill(scales, 1);
        primitives.combine(
                new TaskVectorSum(
                        input.numbers(CommonParams.WEIGHT),
                        scales,
                        masks,
                        false,
                        input.flag(NORMALIZE) ? Division.WEIGHTS : Division.NONE,
                        input.number(CommonParams.LAMBDA)));
    }
}
