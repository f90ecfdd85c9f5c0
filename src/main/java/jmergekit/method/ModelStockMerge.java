package jmergekit.method;

import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Moves from the base towards the mean of the models, further if the angles between their
/// differences from the base are small.
///
/// Source: Jang et al., "Model Stock", <https://arxiv.org/abs/2403.19522>, equation 2.
final class ModelStockMerge implements MergeMethod {
    /// Below this the differences practically cancel out, and there is no direction to move in.
    private static final double SMALLEST_DENOMINATOR = 1e-12;

    private static final Param FILTER_WISE =
            Param.flag("filter_wise", false, "angles per row instead of per tensor");

    private static final MethodInfo INFO =
            MethodInfo.named("model_stock", "Model Stock")
                    .summary(
                            "Moves from the base towards the models' mean, further where their changes point the same way.")
                    .formula(
                            "t * mean_i(x_i) + (1 - t) * base, t = N c / (1 + (N - 1) c), c the mean"
                                    + " cosine of the differences x_i - base of the N models")
                    .reference("https://arxiv.org/abs/2403.19522")
                    .base(Base.REQUIRED)
                    .models(2, Integer.MAX_VALUE)
                    .params(FILTER_WISE)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    // If fewer than two models besides the base have a tensor, it stays the base's.
    @Override
    public void merge(MergeInput input, Primitives primitives) {
        if (input.sources() == 1) {
            primitives.combine(new WeightedSum(new double[] {1}));
            return;
        }
        Vectors vectors = input.flag(FILTER_WISE) ? Vectors.ALONG_LAST : Vectors.WHOLE;
        primitives.combine(new VectorSums(vectors, true, gram -> coefficients(input, gram)));
    }

    private static double[] coefficients(MergeInput input, double[][] gram) {
        int count = input.others().size();
        if (count == 1) {
            return new double[input.sources()];
        }
        double cosine = meanCosine(input, gram);
        double denominator = 1 + (count - 1) * cosine;
        double t = denominator < SMALLEST_DENOMINATOR ? 0 : count * cosine / denominator;
        double[] coefficients = new double[input.sources()];
        for (int i : input.others()) {
            coefficients[i] = t / count;
        }
        return coefficients;
    }

    // A zero difference counts as orthogonal to everything.
    private static double meanCosine(MergeInput input, double[][] gram) {
        double sum = 0;
        int pairs = 0;
        for (int i : input.others()) {
            for (int j : input.others()) {
                if (j < i) {
                    double norms = Math.sqrt(gram[i][i]) * Math.sqrt(gram[j][j]);
                    sum += norms == 0 ? 0 : Math.clamp(gram[i][j] / norms, -1, 1);
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }
}
