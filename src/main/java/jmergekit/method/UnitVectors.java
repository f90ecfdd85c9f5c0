package jmergekit.method;

/// Vectors written as linear combinations of the sources' unit vectors. Moving on the sphere then
/// only needs their dot products: it works on coefficients instead of tensors.
final class UnitVectors {
    private final double[] norms;
    private final double[][] cosines;

    /// @param gram dot products of the sources
    /// @param added added to each norm to avoid division by zero
    UnitVectors(double[][] gram, double added) {
        int count = gram.length;
        norms = new double[count];
        cosines = new double[count][count];
        for (int i = 0; i < count; i++) {
            norms[i] = Math.sqrt(gram[i][i]);
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                double product = (norms[i] + added) * (norms[j] + added);
                cosines[i][j] = product == 0 ? 0 : gram[i][j] / product;
            }
        }
    }

    /// Length of source `i`.
    double norm(int i) {
        return norms[i];
    }

    /// Dot product of a vector and the unit vector of source `i`.
    double dot(double[] vector, int i) {
        double sum = 0;
        for (int j = 0; j < vector.length; j++) {
            sum += vector[j] * cosines[j][i];
        }
        return sum;
    }

    /// Length of a vector.
    double length(double[] vector) {
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            square += vector[i] * dot(vector, i);
        }
        return Math.sqrt(Math.max(0, square));
    }

    /// `a * x + b * y`.
    static double[] sum(double a, double[] x, double b, double[] y) {
        double[] sum = new double[x.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a * x[i] + b * y[i];
        }
        return sum;
    }
}
