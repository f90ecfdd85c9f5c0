package jmergekit.method.reference;

/// The geometric median of weighted points, by Weiszfeld's steps on the points themselves.
///
/// Sources: Weiszfeld, 1937; for steps from one of the points, Vardi and Zhang, "The multivariate
/// L1-median and associated data depth", <https://doi.org/10.1073/pnas.97.4.1423>.
public final class GeometricMedianReference {
    private GeometricMedianReference() {}

    /// @param steps exactly
    public static double[] merge(float[][] models, double[] weights, int steps) {
        double[] median = new double[models[0].length];
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        for (int m = 0; m < models.length; m++) {
            median = DoubleVectors.sum(1, median, weights[m] / total, DoubleVectors.of(models[m]));
        }
        for (int step = 0; step < steps; step++) {
            median = next(models, weights, median);
        }
        return median;
    }

    /// The weighted sum of distances from a point to the models.
    public static double cost(float[][] models, double[] weights, double[] point) {
        double cost = 0;
        for (int m = 0; m < models.length; m++) {
            double[] offset = DoubleVectors.minus(DoubleVectors.of(models[m]), point);
            cost += weights[m] * DoubleVectors.norm(offset);
        }
        return cost;
    }

    private static double[] next(float[][] models, double[] weights, double[] point) {
        double[] pull = new double[point.length];
        double inverses = 0;
        double here = 0;
        for (int m = 0; m < models.length; m++) {
            double[] offset = DoubleVectors.minus(DoubleVectors.of(models[m]), point);
            double distance = DoubleVectors.norm(offset);
            if (distance == 0) {
                here += weights[m];
            } else {
                inverses += weights[m] / distance;
                pull = DoubleVectors.sum(1, pull, weights[m] / distance, offset);
            }
        }
        double strength = DoubleVectors.norm(pull);
        if (strength <= here) {
            return point;
        }
        return DoubleVectors.sum(1, point, (1 - here / strength) / inverses, pull);
    }
}
