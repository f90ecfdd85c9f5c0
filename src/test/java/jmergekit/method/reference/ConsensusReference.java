package jmergekit.method.reference;

/// Consensus merging: the sum of all task vectors, at the elements that at least `k` TALL masks
/// keep.
///
/// Source: Wang et al., "Localizing task information for improved model merging and compression",
/// <https://arxiv.org/abs/2405.07813>; weights are an addition.
public final class ConsensusReference {
    private ConsensusReference() {}

    public static double[] merge(
            float[] base,
            float[][] models,
            double[] weights,
            double[] thresholds,
            int k,
            double lambda) {
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            double sum = 0;
            double[] changes = new double[models.length];
            for (int m = 0; m < models.length; m++) {
                changes[m] = weights[m] * ((double) models[m][i] - base[i]);
                sum += changes[m];
            }
            int masks = 0;
            for (int m = 0; m < models.length; m++) {
                if (Math.abs(changes[m]) > thresholds[m] * Math.abs(sum - changes[m])) {
                    masks++;
                }
            }
            result[i] = masks >= Math.min(k, models.length) ? base[i] + lambda * sum : base[i];
        }
        return result;
    }
}
