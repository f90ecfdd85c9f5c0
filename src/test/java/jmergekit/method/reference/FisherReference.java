package jmergekit.method.reference;

/// Mean in which each element counts by its Fisher information: `sum_i w_i F_i x_i / sum_i w_i
/// F_i`, where information below a fraction of the mean of all `F_i` counts as that fraction.
///
/// Source: Matena and Raffel, "Merging Models with Fisher-Weighted Averaging",
/// <https://arxiv.org/abs/2111.09832>, equation for the diagonal approximation. The paper has no
/// floor.
public final class FisherReference {
    private FisherReference() {}

    public static double[] merge(
            float[][] models, float[][] information, double[] weights, double floor) {
        double total = 0;
        for (float[] own : information) {
            for (float f : own) {
                total += f;
            }
        }
        double least = floor * total / models.length / models[0].length;
        double[] result = new double[models[0].length];
        for (int i = 0; i < result.length; i++) {
            double above = 0;
            double below = 0;
            double plain = 0;
            double all = 0;
            for (int m = 0; m < models.length; m++) {
                double f = Math.max(information[m][i], least);
                above += weights[m] * f * models[m][i];
                below += weights[m] * f;
                plain += weights[m] * models[m][i];
                all += weights[m];
            }
            result[i] = below == 0 ? plain / all : above / below;
        }
        return result;
    }
}
