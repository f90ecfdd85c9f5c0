package jmergekit.search;

import java.util.Arrays;
import java.util.List;
import jmergekit.linalg.SymmetricEigen;

/// The covariance of coordinates that may be correlated.
final class FullCovariance implements Covariance {
    private final int n;

    // Row by row.
    private final double[] matrix;
    private final SymmetricEigen eigen;

    private FullCovariance(int n, double[] matrix) {
        for (double entry : matrix) {
            if (!Double.isFinite(entry)) {
                throw new ArithmeticException("a covariance of " + entry);
            }
        }
        this.n = n;
        this.matrix = matrix;
        this.eigen = SymmetricEigen.of(matrix, n);
    }

    static FullCovariance identity(int n) {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] = 1;
        }
        return new FullCovariance(n, matrix);
    }

    /// @param triangle as returned by [#entries]
    /// @throws ArithmeticException if it contains numbers that are not finite
    static FullCovariance of(int n, double[] triangle) {
        double[] matrix = new double[n * n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i * n + j] = triangle[next];
                matrix[j * n + i] = triangle[next];
                next++;
            }
        }
        return new FullCovariance(n, matrix);
    }

    /// The number of entries.
    static int size(int n) {
        return n * (n + 1) / 2;
    }

    @Override
    public double[] step(double[] z) {
        double[] step = new double[n];
        for (int a = 0; a < n; a++) {
            add(step, deviation(a) * z[a], eigen.vectors()[a]);
        }
        return step;
    }

    @Override
    public double[] whitened(double[] step) {
        double[] whitened = new double[n];
        for (int a = 0; a < n; a++) {
            double[] axis = eigen.vectors()[a];
            double along = 0;
            for (int i = 0; i < n; i++) {
                along += axis[i] * step[i];
            }
            add(whitened, along / deviation(a), axis);
        }
        return whitened;
    }

    private static void add(double[] sum, double factor, double[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * vector[i];
        }
    }

    private double deviation(int axis) {
        return Math.sqrt(eigen.values()[axis]);
    }

    @Override
    public FullCovariance updated(
            double keep, double c1, double[] path, double[] weights, List<double[]> steps) {
        double[] triangle = new double[size(n)];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = keep * matrix[i * n + j] + c1 * path[i] * path[j];
                for (int k = 0; k < weights.length; k++) {
                    double[] y = steps.get(k);
                    sum += weights[k] * y[i] * y[j];
                }
                triangle[next] = sum;
                next++;
            }
        }
        return of(n, triangle);
    }

    @Override
    public double variance(int coordinate) {
        return matrix[coordinate * n + coordinate];
    }

    @Override
    public double[] axes() {
        return eigen.values();
    }

    @Override
    public double[] axis(int index) {
        double deviation = deviation(index);
        return Arrays.stream(eigen.vectors()[index]).map(x -> x * deviation).toArray();
    }

    @Override
    public double[] entries() {
        double[] entries = new double[size(n)];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                entries[next] = matrix[i * n + j];
                next++;
            }
        }
        return entries;
    }
}
