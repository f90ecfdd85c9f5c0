package jmergekit.method.reference;

import java.util.Arrays;
import java.util.Comparator;

/// SCE in its three steps: select the elements where the task vectors vary most, calculate the
/// models' weights from the squares of what is left, erase what has the minority's sign.
///
/// Source: Wan et al., "FuseChat", <https://arxiv.org/abs/2408.07990>; the share to
/// select is of the elements that vary at all, and the sum is divided by the weights that were not
/// erased, as in mergekit.
public final class SceReference {
    private SceReference() {}

    public static double[] merge(float[] base, float[][] models, double selectTopk) {
        int n = base.length;
        boolean[] selected = select(base, models, selectTopk);
        double[][] vectors = new double[models.length][];
        double[] weights = new double[models.length];
        for (int m = 0; m < models.length; m++) {
            vectors[m] = ThinnedReference.difference(models[m], base);
            for (int i = 0; i < n; i++) {
                vectors[m][i] = selected[i] ? vectors[m][i] : 0;
            }
            weights[m] = Arrays.stream(vectors[m]).map(x -> x * x).sum();
        }
        double total = Arrays.stream(weights).sum();
        double[] result = new double[n];
        for (int i = 0; i < n; i++) {
            result[i] = base[i] + (total == 0 ? 0 : element(vectors, weights, i));
        }
        return result;
    }

    private static double element(double[][] vectors, double[] weights, int i) {
        double mass = 0;
        for (double[] vector : vectors) {
            mass += vector[i];
        }
        double sign = mass < 0 ? -1 : 1;
        double sum = 0;
        double divisor = 0;
        for (int m = 0; m < vectors.length; m++) {
            if (Math.signum(vectors[m][i]) == sign) {
                sum += weights[m] * vectors[m][i];
                divisor += weights[m];
            }
        }
        return divisor == 0 ? 0 : sum / divisor;
    }

    private static boolean[] select(float[] base, float[][] models, double selectTopk) {
        boolean[] selected = new boolean[base.length];
        if (selectTopk >= 1) {
            Arrays.fill(selected, true);
            return selected;
        }
        double[] variance = new double[base.length];
        for (float[] model : models) {
            for (int i = 0; i < base.length; i++) {
                double distance = (double) model[i] - mean(models, i);
                variance[i] += distance * distance / models.length;
            }
        }
        long varying = Arrays.stream(variance).filter(v -> v > 0).count();
        Integer[] order = new Integer[base.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -variance[i]));
        for (int place = 0; place < (int) (selectTopk * varying); place++) {
            selected[order[place]] = true;
        }
        return selected;
    }

    // Differences from the base vary as the models do.
    private static double mean(float[][] models, int i) {
        double sum = 0;
        for (float[] model : models) {
            sum += model[i];
        }
        return sum / models.length;
    }
}
