package jmergekit.method.reference;

/// Spherical interpolation with the weights `sin((1 - t) a) / sin(a)` and `sin(t a) / sin(a)`,
/// where `a` is the angle between the two tensors taken as vectors; straight where they are almost
/// parallel, and at right angles where one is zero.
///
/// Source: Shoemake, "Animating rotation with quaternion curves", 1985; the two exceptions are
/// mergekit's.
public final class SlerpReference {
    private SlerpReference() {}

    public static double[] merge(float[] base, float[] other, double t) {
        double[] u = unit(base);
        double[] v = unit(other);
        double cosine = 0;
        for (int i = 0; i < u.length; i++) {
            cosine += u[i] * v[i];
        }
        double a = 1 - t;
        double b = t;
        if (Math.abs(cosine) <= 0.9995) {
            double angle = Math.acos(cosine);
            a = Math.sin((1 - t) * angle) / Math.sin(angle);
            b = Math.sin(t * angle) / Math.sin(angle);
        }
        double[] result = new double[u.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = a * base[i] + b * other[i];
        }
        return result;
    }

    private static double[] unit(float[] x) {
        double squares = 0;
        for (float value : x) {
            squares += (double) value * value;
        }
        double norm = Math.sqrt(squares);
        double[] unit = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            unit[i] = norm > 1e-8 ? x[i] / norm : x[i];
        }
        return unit;
    }
}
