package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// The point with the smallest weighted sum of distances to the models, for each tensor.
///
/// Source: Weiszfeld, "Sur le point pour lequel la somme des distances de n points donnés est
/// minimum", 1937.
final class GeometricMedianMerge implements MergeMethod {
    private static final Param WEIGHT =
            CommonParams.WEIGHT.orElse(1).within(0, Double.POSITIVE_INFINITY);

    private static final Param MAX_ITER =
            Param.number("max_iter", "maximum number of steps").orElse(1000).within(0, 1_000_000);

    private static final Param TOL =
            Param.number(
                            "tol",
                            "stop when a step is shorter than this, relative to the models' mean"
                                    + " distance")
                    .orElse(1e-6)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final MethodInfo INFO =
            MethodInfo.named("geometric_median", "Geometric Median")
                    .summary("Finds the point closest to all models, which outliers hardly move.")
                    .formula("the y that minimises sum_i(weight_i * |x_i - y|)")
                    .reference("https://en.wikipedia.org/wiki/Geometric_median")
                    .base(Base.OPTIONAL)
                    .params(WEIGHT, MAX_ITER, TOL)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return input.others().isEmpty()
                        || Arrays.stream(input.numbers(WEIGHT)).anyMatch(weight -> weight > 0)
                ? Optional.empty()
                : Optional.of("all models have 'weight' 0");
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        if (input.sources() == 1) {
            primitives.combine(new WeightedSum(new double[] {1}));
            return;
        }
        double[] weights = input.numbers(WEIGHT);
        int steps = (int) input.number(MAX_ITER);
        double tolerance = input.number(TOL);
        primitives.combine(
                new VectorSums(
                        Vectors.WHOLE,
                        input.base() >= 0,
                        gram -> new MedianPoint(gram, weights).coefficients(steps, tolerance)));
    }
}
