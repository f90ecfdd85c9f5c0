package jmergekit.method;

import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination.NearSwap;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Takes elements of the other model that are close to the base, and less of those further away.
///
/// Source: the NearSwap merge of alchemonaut/QuartetAnemoi-70B-t0.0001.
final class NearswapMerge implements MergeMethod {
    private static final Param T =
            Param.number(
                    "t", "distance up to which the other model's element is taken over completely");

    private static final MethodInfo INFO =
            MethodInfo.named("nearswap", "NearSwap")
                    .summary("Takes the other model's elements where they are close to the base.")
                    .formula("(1 - w) * base + w * x, w = clamp(t / |x - base|, 0, 1)")
                    .reference("https://huggingface.co/alchemonaut/QuartetAnemoi-70B-t0.0001")
                    .base(Base.REQUIRED)
                    .models(1, 1)
                    .elementwise()
                    .params(T)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        primitives.combine(
                input.sources() == 1
                        ? new WeightedSum(new double[] {1})
                        : new NearSwap(input.number(T)));
    }
}
