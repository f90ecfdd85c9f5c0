package jmergekit.method;

import java.util.List;
import java.util.Optional;
import jmergekit.kernel.Combination.WeightedSum;
import jmergekit.kernel.Primitives;
import jmergekit.method.MethodInfo.Base;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.method.MethodInfo.Single;

/// Copies the tensors of one model, for building models out of layers; `scale` multiplies them.
final class PassthroughMerge implements MergeMethod {
    private static final Param SCALE =
            Param.number("scale", "factor on the copied tensors").eachModel().orElse(1);

    private static final MethodInfo INFO =
            new MethodInfo(
                    "passthrough",
                    "Passthrough",
                    Optional.empty(),
                    Base.ORDINARY,
                    1,
                    1,
                    Single.KEEP,
                    Mismatch.COMMON_ROWS,
                    List.of(SCALE));

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public boolean copies(MergeInput input) {
        return input.number(0, SCALE) == 1;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        primitives.combine(new WeightedSum(new double[] {input.number(0, SCALE)}));
    }
}
