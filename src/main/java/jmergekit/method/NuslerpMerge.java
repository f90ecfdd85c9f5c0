package jmergekit.method;

import jmergekit.method.MethodInfo.Base;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// Spherical interpolation between two models, or between their differences from a base. It treats
/// tensors as single vectors, or interpolates the vectors along one dimension.
///
/// Source: Shoemake, "Animating rotation with quaternion curves", 1985.
final class NuslerpMerge implements MergeMethod {
    /// Smaller norms are raised to this.
    private static final double SMALLEST_NORM = 1e-7;

    /// If the sine is below this, the angle is too close to 0 or 180 degrees to divide by: rounding
    /// of the cosine alone gives sines of about 1e-8.
    private static final double SMALLEST_SINE = 1e-6;

    /// If the weights sum to less than this, they do not define a ratio between the models.
    private static final double SMALLEST_WEIGHT = 1e-6;

    private static final Param FLATTEN =
            Param.flag("nuslerp_flatten", true, "treat each tensor as one vector");

    private static final Param ROW_WISE =
            Param.flag(
                    "nuslerp_row_wise",
                    false,
                    "without flattening: use vectors along the first dimension instead of the last");

    private static final MethodInfo INFO =
            MethodInfo.named("nuslerp", "NuSLERP")
                    .summary(
                            "Interpolates between two models on the sphere, with a weight for each.")
                    .formula(
                            "base + sin((1 - t) a) / sin(a) * d_1 + sin(t a) / sin(a) * d_2, a the"
                                    + " angle of d_1 and d_2, t = weight_2 / (weight_1 + weight_2);"
                                    + " without a base the models themselves")
                    .base(Base.OPTIONAL)
                    .models(2, 2)
                    .params(CommonParams.WEIGHT, FLATTEN, ROW_WISE)
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
        boolean ofDifferences = input.base() != Primitives.NO_BASE;
        primitives.combine(
                new VectorSums(vectors(input), ofDifferences, gram -> coefficients(input, gram)));
    }

    private static Vectors vectors(MergeInput input) {
        if (input.flag(FLATTEN)) {
            return Vectors.WHOLE;
        }
        return input.flag(ROW_WISE) ? Vectors.ALONG_FIRST : Vectors.ALONG_LAST;
    }

    private static double[] coefficients(MergeInput input, double[][] gram) {
        double[] coefficients = new double[input.sources()];
        int first = input.others().getFirst();
        if (input.others().size() == 1) {
            coefficients[first] = 1;
            return coefficients;
        }
        int second = input.others().getLast();
        double t = share(input, first, second);
        double cosine =
                Math.clamp(gram[first][second] / norm(gram, first) / norm(gram, second), -1, 1);
        double angle = Math.acos(cosine);
        double sine = Math.sin(angle);
        boolean straight = sine < SMALLEST_SINE;
        coefficients[first] = straight ? 1 - t : Math.sin((1 - t) * angle) / sine;
        coefficients[second] = straight ? t : Math.sin(t * angle) / sine;
        return coefficients;
    }

    private static double norm(double[][] gram, int i) {
        return Math.max(Math.sqrt(gram[i][i]), SMALLEST_NORM);
    }

    private static double share(MergeInput input, int first, int second) {
        double weight = input.number(second, CommonParams.WEIGHT);
        double sum = input.number(first, CommonParams.WEIGHT) + weight;
        return Math.abs(sum) < SMALLEST_WEIGHT ? 0.5 : weight / sum;
    }
}
