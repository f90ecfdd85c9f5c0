package jmergekit.method.reference;

import java.util.Arrays;

/// PCB-Merging of one tensor: scores of elements from their magnitudes and their agreement with the
/// sum of all models, of which the largest are stretched to weights.
///
/// Source: Du et al., "Parameter competition balancing for model merging",
/// <https://arxiv.org/abs/2410.02396>; outliers and the cut are taken for each tensor.
public final class PcbReference {
    private PcbReference() {}

    /// Scores this close to the cut, relative to it, may be on either side of it in float32.
    private static final double ROUNDING = 1e-6;

    /// NaN at elements that depend on rounding.
    public static double[] merge(float[] base, float[][] models, double ratio, double lambda) {
        int size = base.length;
        double[][] changes = new double[models.length][size];
        double[] sums = new double[size];
        for (int m = 0; m < models.length; m++) {
            for (int i = 0; i < size; i++) {
                changes[m][i] = (double) models[m][i] - base[i];
                sums[i] += changes[m][i];
            }
        }
        double[] weighted = new double[size];
        double[] total = new double[size];
        for (double[] change : changes) {
            double[] weights = weights(change, sums, models.length, ratio);
            for (int i = 0; i < size; i++) {
                weighted[i] += weights[i] * change[i];
                total[i] += weights[i];
            }
        }
        double[] result = new double[size];
        for (int i = 0; i < size; i++) {
            result[i] = base[i] + (total[i] == 0 ? 0 : lambda * weighted[i] / total[i]);
        }
        return result;
    }

    private static double[] weights(double[] change, double[] sums, int models, double ratio) {
        int last = change.length - 1;
        double[] sizes = Arrays.stream(change).map(Math::abs).sorted().toArray();
        int outliers = (int) (1e-4 * last);
        double low = sizes[outliers];
        double high = sizes[last - outliers];
        double[] scores = new double[change.length];
        for (int i = 0; i <= last; i++) {
            double size = Math.clamp(Math.abs(change[i]), low, high);
            double u = high == low ? 0 : (size - low) / (high - low);
            scores[i] = Math.max(0, Math.exp(models * u * u) * Math.tanh(change[i] * sums[i]));
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double cut = sorted[(int) ((1 - ratio) * last)];
        double largest = sorted[last];
        double[] weights = new double[change.length];
        for (int i = 0; i <= last; i++) {
            if (largest > cut * (1 + ROUNDING)) {
                boolean close = cut > 0 && Math.abs(scores[i] - cut) <= ROUNDING * cut;
                double above = Math.max(0, scores[i] - cut) / (largest - cut);
                weights[i] = close ? Double.NaN : above;
            } else {
                weights[i] = scores[i] >= largest * (1 - ROUNDING) && largest > 0 ? 1 : 0;
            }
        }
        return weights;
    }
}
