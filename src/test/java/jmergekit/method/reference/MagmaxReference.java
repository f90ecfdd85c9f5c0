package jmergekit.method.reference;

/// MagMax: at each element the change of the largest magnitude, times a factor.
///
/// Source: Marczak et al., "MagMax: leveraging model merging for seamless continual learning",
/// <https://arxiv.org/abs/2407.06322>.
public final class MagmaxReference {
    private MagmaxReference() {}

    public static double[] merge(float[] base, float[][] models, double lambda) {
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            double largest = 0;
            for (float[] model : models) {
                double change = (double) model[i] - base[i];
                if (Math.abs(change) > Math.abs(largest)) {
                    largest = change;
                }
            }
            result[i] = base[i] + lambda * largest;
        }
        return result;
    }
}
