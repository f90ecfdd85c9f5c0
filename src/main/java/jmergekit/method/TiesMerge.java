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

/// Trims each task vector to its largest elements, elects a sign for each element, and sums only the
/// contributions of that sign.
///
/// Source: Yadav et al., "TIES-Merging", <https://arxiv.org/abs/2306.01708>.
final class TiesMerge implements MergeMethod {
    private static final Param NORMALIZE = CommonParams.normalize(true);
    private static final Param RESCALE = CommonParams.rescale(false);

    private static final MethodInfo INFO =
            new MethodInfo(
                    "ties",
                    "TIES",
                    Optional.of("https://arxiv.org/abs/2306.01708"),
                    Base.REQUIRED,
                    1,
                    Integer.MAX_VALUE,
                    Single.REFUSE,
                    Mismatch.BASE_ROWS,
                    List.of(
                            CommonParams.WEIGHT,
                            CommonParams.DENSITY,
                            NORMALIZE,
                            RESCALE,
                            CommonParams.LAMBDA,
                            CommonParams.INT8_MASK));

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> complaint(MergeInput input) {
        for (int source : input.others()) {
            if (input.number(source, CommonParams.DENSITY) == 0) {
                return Optional.of(
                        "'density' 0 leaves nothing of the model; leave the model out instead");
            }
        }
        return Optional.empty();
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        long[] keep = new long[input.sources()];
        for (int source : input.others()) {
            keep[source] = kept(input.number(source, CommonParams.DENSITY), input.elements());
        }
        Mask[] masks = primitives.select(keep);
        double[] scales = new double[input.sources()];
        Arrays.fill(scales, 1);
        if (input.flag(RESCALE)) {
            scales = Rescaling.scales(primitives.absoluteSums(masks));
        }
        primitives.combine(
                new TaskVectorSum(
                        input.numbers(CommonParams.WEIGHT),
                        scales,
                        masks,
                        true,
                        input.flag(NORMALIZE) ? Division.ELECTED_WEIGHTS : Division.NONE,
                        input.number(CommonParams.LAMBDA)));
    }

    // A tensor too small for its share to make one element keeps its largest one; the reference
    // stops there. See docs/divergences.md#ties-small-tensors.
    private static long kept(double density, long elements) {
        return density >= 1 ? elements : Math.max(1, (long) (density * elements));
    }
}
