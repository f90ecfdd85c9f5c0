package jmergekit.search;

import java.util.Arrays;
import java.util.List;

/// The covariance of independent coordinates.
record DiagonalCovariance(double[] variances) implements Covariance {
    private static final double[] NONE = {};

    static DiagonalCovariance identity(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return new DiagonalCovariance(ones);
    }

    @Override
    public double[] step(double[] z) {
        double[] step = new double[z.length];
        Arrays.setAll(step, i -> Math.sqrt(variances[i]) * z[i]);
        return step;
    }

    @Override
    public double[] whitened(double[] step) {
        double[] z = new double[step.length];
        Arrays.setAll(z, i -> step[i] / Math.sqrt(variances[i]));
        return z;
    }

    @Override
    public DiagonalCovariance updated(
            double keep, double c1, double[] path, double[] weights, List<double[]> steps) {
        double[] updated = new double[variances.length];
        for (int i = 0; i < updated.length; i++) {
            double sum = keep * variances[i] + c1 * path[i] * path[i];
            for (int k = 0; k < weights.length; k++) {
                double y = steps.get(k)[i];
                sum += weights[k] * y * y;
            }
            if (!(sum >= 0) || Double.isInfinite(sum)) {
                throw new ArithmeticException("a variance of " + sum);
            }
            updated[i] = sum;
        }
        return new DiagonalCovariance(updated);
    }

    @Override
    public double variance(int coordinate) {
        return variances[coordinate];
    }

    @Override
    public double[] axes() {
        return variances;
    }

    @Override
    public double[] axis(int index) {
        return NONE;
    }

    @Override
    public double[] entries() {
        return variances.clone();
    }
}
