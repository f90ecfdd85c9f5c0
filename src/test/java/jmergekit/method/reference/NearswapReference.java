package jmergekit.method.reference;

/// `(1 - w) base + w other` with `w = clamp(t / max(|other - base|, 1e-6), 0, 1)`.
///
/// Source: the model card of alchemonaut/QuartetAnemoi-70B-t0.0001; the least distance is
/// mergekit's.
public final class NearswapReference {
    private NearswapReference() {}

    public static double[] merge(float[] base, float[] other, double t) {
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            double distance = Math.abs((double) other[i] - base[i]);
            double w = Math.clamp(t / Math.max(distance, 1e-6), 0, 1);
            result[i] = (1 - w) * base[i] + w * other[i];
        }
        return result;
    }
}
