package jmergekit.method.reference;

/// `base + lambda * sum_i w_i (x_i - base)`, with `normalize` the sum divided by `sum_i w_i` unless
/// that is as good as 0.
///
/// Source: Ilharco et al., "Editing models with task arithmetic",
/// <https://arxiv.org/abs/2212.04089>; `normalize` is mergekit's.
public final class TaskArithmeticReference {
    private TaskArithmeticReference() {}

    public static double[] merge(
            float[] base, float[][] models, double[] weights, boolean normalize, double lambda) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double divisor = normalize && Math.abs(total) >= 1e-8 ? total : 1;
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            double sum = 0;
            for (int m = 0; m < models.length; m++) {
                sum += weights[m] * ((double) models[m][i] - base[i]);
            }
            result[i] = base[i] + lambda * sum / divisor;
        }
        return result;
    }
}
