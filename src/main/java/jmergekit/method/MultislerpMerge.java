package jmergekit.method;

import java.util.Arrays;
import java.util.Optional;
import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Weighted mean of any number of models on a sphere. Directions are averaged in the tangent space
/// at their mean direction, and norms arithmetically. With a base, the differences from it are
/// merged this way.
///
/// Source: Goddard, "Multi-SLERP", the method's own description.
final class MultislerpMerge implements MergeMethod {
    /// If the mean direction is shorter than this fraction of the weights' absolute sum, it is only
    /// rounding error: the directions cancel out.
    private static final double SMALLEST_LENGTH = 1e-6;

    private static final Param NORMALIZE =
            Param.flag("normalize_weights", true, "divide the weights by their sum");

    private static final Param EPS =
            Param.number("eps", "added to lengths to avoid division by 0")
                    .orElse(1e-8)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final MethodInfo INFO =
            MethodInfo.named("multislerp", "Multi-SLERP")
                    .summary("Averages the directions of any number of models on the sphere.")
                    .formula(
                            "sum_i(weight_i * |x_i|) * (cos(|v|) m + sin(|v|) / |v| * v), m the"
                                    + " direction of sum_i(weight_i * u_i), v = sum_i(weight_i * (u_i -"
                                    + " (u_i m) m)), u_i = x_i / |x_i|; with a base its differences")
                    .reference("https://goddard.blog/posts/multislerp-wow-what-a-cool-idea")
                    .base(Base.OPTIONAL)
                    .models(2, Integer.MAX_VALUE)
                    .params(CommonParams.WEIGHT, NORMALIZE, EPS)
                    .build();

    @Override
    public MethodInfo info() {
        return INFO;
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        double[] weights = input.numbers(CommonParams.WEIGHT);
        double total = Arrays.stream(weights).sum();
        return input.flag(NORMALIZE)
                        && !input.others().isEmpty()
                        && Math.abs(total) <= 1e-6 * size(weights)
                ? Optional.of(
                        "the values of 'weight' sum to "
                                + total
                                + ", which 'normalize_weights' would divide by")
                : Optional.empty();
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        if (input.sources() == 1) {
            primitives.combine(new WeightedSum(new double[] {1}));
            return;
        }
        boolean ofDifferences = input.base() != Primitives.NO_BASE;
        primitives.combine(
                new VectorSums(Vectors.WHOLE, ofDifferences, gram -> coefficients(input, gram)));
    }

    private static double[] coefficients(MergeInput input, double[][] gram) {
        double[] weights = weights(input);
        double eps = input.number(EPS);
        UnitVectors units = new UnitVectors(gram, eps);
        double length = units.length(weights);
        boolean cancel = length <= Math.max(eps, SMALLEST_LENGTH * size(weights));
        if (input.others().size() <= (cancel ? 2 : 1) || isNothing(input, weights, units, eps)) {
            return weights;
        }
        if (cancel) {
            throw noDirection(input);
        }
        // In the tangent space the weighted mean of the directions is the point of contact itself,
        // so only the effect of `eps` is left.
        double[] direction = UnitVectors.sum(Math.cos(eps) / length, weights, 0, weights);
        double size = 0;
        for (int i : input.others()) {
            size += weights[i] * units.norm(i);
        }
        for (int i : input.others()) {
            direction[i] *= ratio(size, units.norm(i) + eps);
        }
        return direction;
    }

    // Task vectors of a tensor that no model changed have no direction.
    private static boolean isNothing(
            MergeInput input, double[] weights, UnitVectors units, double eps) {
        return input.others().stream().allMatch(i -> weights[i] == 0 || units.norm(i) <= eps);
    }

    private static double size(double[] weights) {
        return Arrays.stream(weights).map(Math::abs).sum();
    }

    private static double ratio(double a, double b) {
        return b == 0 ? 0 : a / b;
    }

    private static double[] weights(MergeInput input) {
        double[] weights = input.numbers(CommonParams.WEIGHT);
        double total = input.flag(NORMALIZE) ? Arrays.stream(weights).sum() : 1;
        return Arrays.stream(weights).map(w -> w / total).toArray();
    }

    private static MergeException noDirection(MergeInput input) {
        return new MergeException(
                Problem.input(
                                "tensor '" + input.tensor() + "'",
                                "the directions of the models cancel out under their weights")
                        .hint("use other values of 'weight', or fewer models"));
    }
}
