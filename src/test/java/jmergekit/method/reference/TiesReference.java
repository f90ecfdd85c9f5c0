package jmergekit.method.reference;

import java.util.Arrays;
import java.util.Comparator;

/// TIES in its three steps: trim each task vector to its largest elements, elect a sign for each
/// element, merge what has that sign.
///
/// Source: Yadav et al., "TIES-Merging", <https://arxiv.org/abs/2306.01708>, section 3; weights,
/// `normalize` and `rescale` are mergekit's.
public final class TiesReference {
    private TiesReference() {}

    /// @param normalize divide each element by the weights of the models that were merged there
    /// @param rescale give each trimmed task vector the L1 norm it had before
    public record Options(
            double[] weights,
            double[] densities,
            boolean normalize,
            boolean rescale,
            double lambda) {}

    public static double[] merge(float[] base, float[][] models, Options options) {
        double[][] vectors = new double[models.length][];
        for (int m = 0; m < models.length; m++) {
            double[] whole = difference(models[m], base);
            double[] trimmed = trim(whole, options.densities[m]);
            double factor = options.rescale ? factor(norm(whole), norm(trimmed)) : 1;
            vectors[m] = scaled(trimmed, options.weights[m] * factor);
        }
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            result[i] = base[i] + options.lambda * element(vectors, i, options);
        }
        return result;
    }

    private static double element(double[][] vectors, int i, Options options) {
        double mass = 0;
        for (double[] vector : vectors) {
            mass += vector[i];
        }
        double elected = mass < 0 ? -1 : 1;
        double sum = 0;
        double weights = 0;
        for (int m = 0; m < vectors.length; m++) {
            if (Math.signum(vectors[m][i]) == elected) {
                sum += vectors[m][i];
                weights += options.weights[m];
            }
        }
        return options.normalize && weights != 0 ? sum / weights : sum;
    }

    private static double[] difference(float[] model, float[] base) {
        double[] difference = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            difference[i] = (double) model[i] - base[i];
        }
        return difference;
    }

    /// At least one element stays; of equal ones the earlier.
    private static double[] trim(double[] vector, double density) {
        int kept = Math.max(1, (int) (density * vector.length));
        Integer[] order = new Integer[vector.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -Math.abs(vector[i])));
        double[] trimmed = new double[vector.length];
        for (int i = 0; i < Math.min(kept, vector.length); i++) {
            trimmed[order[i]] = vector[order[i]];
        }
        return trimmed;
    }

    private static double norm(double[] vector) {
        return Arrays.stream(vector).map(Math::abs).sum();
    }

    private static double factor(double before, double after) {
        return before < 1e-7 || after < 1e-7 ? 1 : before / after;
    }

    private static double[] scaled(double[] vector, double factor) {
        return Arrays.stream(vector).map(x -> factor * x).toArray();
    }
}
