package jmergekit.method.reference;

/// Weighted average: `sum_i w_i x_i`, with `normalize` divided by `sum_i w_i`.
///
/// Source: Wortsman et al., "Model soups", <https://arxiv.org/abs/2203.05482>.
public final class LinearReference {
    private LinearReference() {}

    public static double[] merge(float[][] models, double[] weights, boolean normalize) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double[] result = new double[models[0].length];
        for (int i = 0; i < result.length; i++) {
            for (int m = 0; m < models.length; m++) {
                result[i] += weights[m] * models[m][i];
            }
            result[i] /= normalize ? total : 1;
        }
        return result;
    }
}
