package jmergekit.method;

import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Copies the tensors of one model, to build models from layers; `scale` multiplies them.
final class PassthroughMerge implements MergeMethod {
    private static final Param SCALE =
            Param.number("scale", "factor on the copied tensors").eachModel().orElse(1);

    private static final MethodInfo INFO =
            MethodInfo.named("passthrough", "Passthrough")
                    .summary("Copies the tensors of one model, to build models from layers.")
                    .formula("scale * x")
                    .models(1, 1)
                    .elementwise()
                    .params(SCALE)
                    .build();

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
