package jmergekit.method;

import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.Vectors;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;

/// The Karcher mean of the models' directions on the sphere, scaled to the models' mean norm. It is
/// the point whose distances along great circles balance. The iteration moves to the mean of the
/// models in the tangent space of the current point until the steps are small.
///
/// Steps are computed on coefficients of the models, so the tensors are read only twice.
///
/// Source: Karcher, "Riemannian center of mass and mollifier smoothing", 1977.
final class KarcherMerge implements MergeMethod {
    /// Directions within this angle of being opposite, in radians, count as opposite: dot products
    /// are rounded.
    private static final double ROUNDING = 1e-6;

    private static final Param MAX_ITER =
            Param.number("max_iter", "maximum number of steps").orElse(10).within(0, 1_000_000);

    private static final Param TOL =
            Param.number("tol", "stop when a step is shorter than this, in radians")
                    .orElse(1e-5)
                    .within(0, Double.POSITIVE_INFINITY);

    private static final MethodInfo INFO =
            MethodInfo.named("karcher", "Karcher Mean")
                    .summary("Finds the centre of mass of the models' directions on the sphere.")
                    .formula(
                            "mean_i(|x_i|) * m, m the point on the sphere with"
                                    + " sum_i(log_m(x_i / |x_i|)) = 0")
                    .reference("https://en.wikipedia.org/wiki/Karcher_mean")
                    .params(MAX_ITER, TOL)
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
        int steps = (int) input.number(MAX_ITER);
        double tolerance = input.number(TOL);
        primitives.combine(
                new VectorSums(Vectors.WHOLE, false, gram -> coefficients(gram, steps, tolerance)));
    }

    private static double[] coefficients(double[][] gram, int steps, double tolerance) {
        UnitVectors units = new UnitVectors(gram, 0);
        double[] weights = new double[gram.length];
        double size = 0;
        int counted = 0;
        for (int i = 0; i < weights.length; i++) {
            size += units.norm(i) / weights.length;
            if (units.norm(i) > tolerance) {
                weights[i] = 1;
                counted++;
            }
        }
        if (counted == 0) {
            return new double[weights.length];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= counted;
        }
        double[] mean = mean(units, weights, steps, tolerance);
        for (int i = 0; i < mean.length; i++) {
            mean[i] *= weights[i] == 0 ? 0 : size / units.norm(i);
        }
        return mean;
    }

    private static double[] mean(UnitVectors units, double[] weights, int steps, double tolerance) {
        double[] mean = start(units, weights, tolerance);
        for (int step = 0; step < steps; step++) {
            double[] tangent = tangent(units, weights, mean, tolerance);
            double length = units.length(tangent);
            if (length <= tolerance) {
                return mean;
            }
            mean = UnitVectors.sum(Math.cos(length), mean, Math.sin(length) / length, tangent);
        }
        return mean;
    }

    // The mean direction, or the first model's if the models cancel out.
    private static double[] start(UnitVectors units, double[] weights, double tolerance) {
        double length = units.length(weights);
        if (length >= Math.max(tolerance, ROUNDING)) {
            return UnitVectors.sum(1 / length, weights, 0, weights);
        }
        double[] start = new double[weights.length];
        int first = 0;
        while (weights[first] == 0) {
            first++;
        }
        start[first] = 1;
        return start;
    }

    // The mean of the models in the tangent space at `mean`. Opposite points have no direction.
    private static double[] tangent(
            UnitVectors units, double[] weights, double[] mean, double tolerance) {
        double[] tangent = new double[mean.length];
        for (int i = 0; i < weights.length; i++) {
            double cosine = Math.clamp(units.dot(mean, i), -1, 1);
            double angle = Math.acos(cosine);
            boolean opposite = Math.PI - angle < ROUNDING;
            if (weights[i] == 0 || angle == 0 || angle < tolerance || opposite) {
                continue;
            }
            double factor = weights[i] * angle / Math.sin(angle);
            tangent = UnitVectors.sum(1, tangent, -factor * cosine, mean);
            tangent[i] += factor;
        }
        return tangent;
    }
}
