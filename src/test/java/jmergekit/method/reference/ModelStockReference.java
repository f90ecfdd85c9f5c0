package jmergekit.method.reference;

/// From the base towards the mean of `N` models by `t = N c / (1 + (N - 1) c)`, where `c` is the mean
/// cosine of the angles between their task vectors, two by two.
///
/// Source: Jang et al., "Model Stock", <https://arxiv.org/abs/2403.19522>, equation 2 and appendix;
/// for more than two models with different angles the mean cosine is mergekit's.
public final class ModelStockReference {
    private ModelStockReference() {}

    /// @param length of the vectors that have an angle: a row's, or the whole tensor's
    public static double[] merge(float[] base, float[][] models, int length) {
        double[] result = new double[base.length];
        for (int from = 0; from < base.length; from += length) {
            double[][] offsets = new double[models.length][length];
            for (int m = 0; m < models.length; m++) {
                for (int i = 0; i < length; i++) {
                    offsets[m][i] = (double) models[m][from + i] - base[from + i];
                }
            }
            double cosine = meanCosine(offsets);
            double t = models.length * cosine / (1 + (models.length - 1) * cosine);
            for (int i = 0; i < length; i++) {
                double mean = 0;
                for (double[] offset : offsets) {
                    mean += offset[i] / models.length;
                }
                result[from + i] = base[from + i] + t * mean;
            }
        }
        return result;
    }

    private static double meanCosine(double[][] offsets) {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < offsets.length; i++) {
            for (int j = 0; j < i; j++) {
                double norms = DoubleVectors.norm(offsets[i]) * DoubleVectors.norm(offsets[j]);
                sum += norms == 0 ? 0 : DoubleVectors.dot(offsets[i], offsets[j]) / norms;
                pairs++;
            }
        }
        return sum / pairs;
    }
}
