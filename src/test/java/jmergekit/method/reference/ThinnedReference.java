package jmergekit.method.reference;

import java.util.Arrays;

/// The sum of task vectors of which only some elements are left, with or without a vote on the sign
/// of each element, whatever chose the elements.
///
/// Source: Yadav et al., "TIES-Merging", <https://arxiv.org/abs/2306.01708>, section 3, for the
/// vote; weights, `normalize` and `rescale` are mergekit's.
public final class ThinnedReference {
    private static final double SMALLEST_NORM = 1e-7;
    private static final double SMALLEST_DIVISOR = 1e-8;

    private ThinnedReference() {}

    /// @param elect sum only what has the majority's sign
    /// @param normalize divide by the weights of all models, or of those that were elected
    /// @param rescale give each thinned out task vector the L1 norm it had before
    public record Options(
            double[] weights, boolean elect, boolean normalize, boolean rescale, double lambda) {}

    /// @param kept by model, which elements of its task vector are left
    public static double[] merge(
            float[] base, float[][] models, boolean[][] kept, Options options) {
        double[][] vectors = new double[models.length][];
        for (int m = 0; m < models.length; m++) {
            double[] whole = difference(models[m], base);
            double[] thinned = whole.clone();
            for (int i = 0; i < thinned.length; i++) {
                thinned[i] = kept[m][i] ? whole[i] : 0;
            }
            double factor = options.rescale ? factor(norm(whole), norm(thinned)) : 1;
            double weight = options.weights[m];
            vectors[m] = Arrays.stream(thinned).map(x -> weight * factor * x).toArray();
        }
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            double sum = options.elect ? elected(vectors, i, options) : plain(vectors, i, options);
            result[i] = base[i] + options.lambda * sum;
        }
        return result;
    }

    static double[] difference(float[] model, float[] base) {
        double[] difference = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            difference[i] = (double) model[i] - base[i];
        }
        return difference;
    }

    private static double plain(double[][] vectors, int i, Options options) {
        double sum = Arrays.stream(vectors).mapToDouble(vector -> vector[i]).sum();
        double weights = Arrays.stream(options.weights).sum();
        boolean divides = options.normalize && Math.abs(weights) >= SMALLEST_DIVISOR;
        return divides ? sum / weights : sum;
    }

    private static double elected(double[][] vectors, int i, Options options) {
        double mass = Arrays.stream(vectors).mapToDouble(vector -> vector[i]).sum();
        double sign = mass < 0 ? -1 : 1;
        double sum = 0;
        double weights = 0;
        for (int m = 0; m < vectors.length; m++) {
            if (Math.signum(vectors[m][i]) == sign) {
                sum += vectors[m][i];
                weights += options.weights[m];
            }
        }
        return options.normalize && weights != 0 ? sum / weights : sum;
    }

    private static double norm(double[] vector) {
        return Arrays.stream(vector).map(Math::abs).sum();
    }

    private static double factor(double before, double after) {
        return before < SMALLEST_NORM || after < SMALLEST_NORM ? 1 : before / after;
    }
}
