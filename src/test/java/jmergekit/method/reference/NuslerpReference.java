package jmergekit.method.reference;

/// Spherical interpolation as [SlerpReference] has it, but each vector of a tensor by itself, and
/// straight only where the two lie on one line.
///
/// Source: Shoemake, "Animating rotation with quaternion curves", 1985; the least norm of 1e-7 is
/// mergekit's.
public final class NuslerpReference {
    private NuslerpReference() {}

    /// @param length of a vector
    /// @param stride from an element of a vector to its next one
    /// @param t how far to go from `first` to `second`
    public static double[] merge(float[] first, float[] second, int length, int stride, double t) {
        double[] result = new double[first.length];
        for (int i = 0; i < result.length; i++) {
            boolean starts = i / stride % length == 0;
            if (starts) {
                double[] a = vector(first, i, length, stride);
                double[] b = vector(second, i, length, stride);
                double[] between = between(a, b, t);
                for (int k = 0; k < length; k++) {
                    result[i + k * stride] = between[k];
                }
            }
        }
        return result;
    }

    private static double[] vector(float[] tensor, int from, int length, int stride) {
        double[] vector = new double[length];
        for (int k = 0; k < length; k++) {
            vector[k] = tensor[from + k * stride];
        }
        return vector;
    }

    private static double[] between(double[] a, double[] b, double t) {
        double norms =
                Math.max(DoubleVectors.norm(a), 1e-7) * Math.max(DoubleVectors.norm(b), 1e-7);
        double cosine = DoubleVectors.dot(a, b) / norms;
        if (Math.abs(cosine) > 1 - 1e-12) {
            return DoubleVectors.sum(1 - t, a, t, b);
        }
        double angle = Math.acos(cosine);
        return DoubleVectors.sum(
                Math.sin((1 - t) * angle) / Math.sin(angle),
                a,
                Math.sin(t * angle) / Math.sin(angle),
                b);
    }
}
