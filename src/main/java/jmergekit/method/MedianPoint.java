package jmergekit.method;

import java.util.Arrays;

/// The geometric median of weighted points as a weighted mean of these points, computed from their
/// dot products by Weiszfeld's steps: the next point is the mean with the weights divided by the
/// distances from the current one.
///
/// A step from one of the points themselves would divide by 0. There the point is the median if its
/// weight is at least as large as the pull of the others; otherwise the step is shortened.
///
/// Sources: Weiszfeld, 1937; Vardi and Zhang, "The multivariate L1-median and associated data
/// depth", <https://doi.org/10.1073/pnas.97.4.1423>.
final class MedianPoint {
    /// Squared distances up to this, relative to the largest, count as 0.
    private static final double COINCIDING = 1e-20;

    /// Rounding of the dot products, relative to the largest.
    private static final double ROUNDING = 1e-15;

    private final double[][] centred;
    private final double[] weights;
    private final double nearest;
    private final double spread;

    /// @param gram dot products of all pairs of points
    /// @param pointWeights at least 0, one of them above 0
    MedianPoint(double[][] gram, double[] pointWeights) {
        double total = Arrays.stream(pointWeights).sum();
        weights = Arrays.stream(pointWeights).map(w -> w / total).toArray();
        centred = centred(gram);
        double largest = 0;
        double farthest = 0;
        double distances = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                largest = Math.max(largest, gram[i][i]);
                farthest = Math.max(farthest, centred[i][i]);
                distances += weights[i] * Math.sqrt(Math.max(0, centred[i][i]));
            }
        }
        nearest = Math.max(ROUNDING * largest, COINCIDING * farthest);
        spread = distances;
    }

    // Dot products relative to the mean, where the search begins: points are usually much closer to
    // each other than to 0.
    private double[][] centred(double[][] gram) {
        int count = weights.length;
        double[] toMean = new double[count];
        double mean = 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                toMean[i] += weights[j] == 0 ? 0 : weights[j] * gram[i][j];
            }
            mean += weights[i] == 0 ? 0 : weights[i] * toMean[i];
        }
        double[][] products = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                products[i][j] = gram[i][j] - toMean[i] - toMean[j] + mean;
            }
        }
        return products;
    }

    /// The coefficients of the points; their sum is 1.
    ///
    /// @param steps at most
    /// @param tolerance the shortest step, relative to the mean distance of the points from their
    ///     mean
    double[] coefficients(int steps, double tolerance) {
        double[] point = weights.clone();
        for (int step = 0; step < steps; step++) {
            double[] next = next(point);
            double moved = length(minus(next, point));
            point = next;
            if (!(moved > tolerance * spread)) {
                return point;
            }
        }
        return point;
    }

    private double[] next(double[] point) {
        double[] pulls = new double[weights.length];
        double total = 0;
        double here = 0;
        for (int i = 0; i < weights.length; i++) {
            double square = weights[i] == 0 ? 0 : square(offset(point, i));
            if (square > nearest) {
                pulls[i] = weights[i] / Math.sqrt(square);
                total += pulls[i];
            } else {
                here += weights[i];
            }
        }
        if (total == 0) {
            return point;
        }
        double[] mean = new double[pulls.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = pulls[i] / total;
        }
        if (here == 0) {
            return mean;
        }
        double pull = total * length(minus(mean, point));
        double stays = pull <= here ? 1 : here / pull;
        double[] next = new double[point.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (1 - stays) * mean[i] + stays * point[i];
        }
        return next;
    }

    // Point `i` minus the current one.
    private static double[] offset(double[] point, int i) {
        double[] offset = Arrays.stream(point).map(c -> -c).toArray();
        offset[i] += 1;
        return offset;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return difference;
    }

    private double length(double[] coefficients) {
        return Math.sqrt(Math.max(0, square(coefficients)));
    }

    private double square(double[] coefficients) {
        double sum = 0;
        for (int i = 0; i < coefficients.length; i++) {
            for (int j = 0; j < coefficients.length; j++) {
                if (coefficients[i] != 0 && coefficients[j] != 0) {
                    sum += coefficients[i] * coefficients[j] * centred[i][j];
                }
            }
        }
        return sum;
    }
}
