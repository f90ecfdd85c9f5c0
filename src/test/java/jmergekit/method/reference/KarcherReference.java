package jmergekit.method.reference;

import java.util.ArrayList;
import java.util.List;

/// The point on the sphere whose distances to the models along great circles balance, times the mean
/// of the models' norms, by steps to the mean of what the logarithm map gives.
///
/// Source: Karcher, "Riemannian center of mass and mollifier smoothing", 1977; what counts as zero
/// is mergekit's.
public final class KarcherReference {
    private KarcherReference() {}

    /// @param steps at most
    /// @param tolerance smallest norm, angle and step that count
    public static double[] merge(float[][] models, int steps, double tolerance) {
        List<double[]> points = new ArrayList<>();
        double size = 0;
        for (float[] model : models) {
            double[] vector = DoubleVectors.of(model);
            double norm = DoubleVectors.norm(vector);
            size += norm / models.length;
            if (norm > tolerance) {
                points.add(DoubleVectors.scaled(vector, 1 / norm));
            }
        }
        if (points.isEmpty()) {
            return new double[models[0].length];
        }
        double[] mean = start(points, tolerance);
        for (int step = 0; step < steps; step++) {
            double[] tangent = new double[mean.length];
            for (double[] point : points) {
                tangent = DoubleVectors.sum(1, tangent, 1.0 / points.size(), log(mean, point));
            }
            double length = DoubleVectors.norm(tangent);
            if (length < tolerance) {
                break;
            }
            mean = DoubleVectors.sum(Math.cos(length), mean, Math.sin(length) / length, tangent);
        }
        return DoubleVectors.scaled(mean, size);
    }

    private static double[] start(List<double[]> points, double tolerance) {
        double[] sum = new double[points.getFirst().length];
        for (double[] point : points) {
            sum = DoubleVectors.sum(1, sum, 1, point);
        }
        double norm = DoubleVectors.norm(sum);
        return norm / points.size() < tolerance
                ? points.getFirst()
                : DoubleVectors.scaled(sum, 1 / norm);
    }

    /// From `mean` towards `point`, as long as the angle. Straight ahead and straight behind there is
    /// no direction.
    private static double[] log(double[] mean, double[] point) {
        double cosine = Math.clamp(DoubleVectors.dot(mean, point), -1, 1);
        if (Math.abs(cosine) > 1 - 1e-12) {
            return new double[mean.length];
        }
        double[] across = DoubleVectors.sum(1, point, -cosine, mean);
        return DoubleVectors.scaled(across, Math.acos(cosine) / DoubleVectors.norm(across));
    }
}
