package jmergekit.method.reference;

/// Vector arithmetic in double precision.
final class DoubleVectors {
    private DoubleVectors() {}

    static double[] of(float[] values) {
        double[] vector = new double[values.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values[i];
        }
        return vector;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    static double[] scaled(double[] a, double factor) {
        return sum(factor, a, 0, a);
    }

    static double[] minus(double[] a, double[] b) {
        return sum(1, a, -1, b);
    }

    /// `p * a + q * b`.
    static double[] sum(double p, double[] a, double q, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = p * a[i] + q * b[i];
        }
        return sum;
    }
}
