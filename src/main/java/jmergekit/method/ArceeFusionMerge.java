package jmergekit.method;

import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination.ReplaceAtLeast;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Primitives;

/// Takes the elements of the other model whose change is important: large, in a row whose
/// distribution changed much, and an outlier within the tensor.
///
/// Source: the description of Arcee Fusion in "Meet Mergekit v0.1", Arcee, 2025.
final class ArceeFusionMerge implements MergeMethod {
    /// Elements are important if they exceed the median by this many interquartile ranges.
    private static final double RANGES = 1.5;

    private static final MethodInfo INFO =
            MethodInfo.named("arcee_fusion", "Arcee Fusion")
                    .summary("Takes only the important changes from the other model.")
                    .formula(
                            "x where s >= median(s) + 1.5 * (q3(s) - q1(s)), base elsewhere; s = |x"
                                    + " - base| * KL(softmax(row of x), softmax(row of base))")
                    .reference(
                            "https://arcee.ai/blog/meet-mergekit-v0-1-arcee-fusion-expanded-model-support-multi-gpu-acceleration")
                    .base(Base.REQUIRED)
                    .models(1, 1)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        if (input.sources() == 1) {
            primitives.combine(new WeightedSum(new double[] {1}));
            return;
        }
        Importance importance = primitives.importance();
        long last = input.elements() - 1;
        float[] quartiles =
                primitives.importanceAt(
                        importance,
                        new long[] {
                            (long) (0.25 * last), (long) (0.5 * last), (long) (0.75 * last)
                        });
        double threshold = quartiles[1] + RANGES * (quartiles[2] - quartiles[0]);
        primitives.combine(new ReplaceAtLeast(importance, (float) threshold));
    }
}
