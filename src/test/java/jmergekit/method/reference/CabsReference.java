package jmergekit.method.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// CABS: every model in turn keeps the largest changes of each group, at elements that no earlier
/// model keeps.
///
/// Source: Yang et al., "CABS: conflict-aware and balanced sparsification for enhancing model
/// merging", <https://arxiv.org/abs/2503.01874>. Groups at the end of a row and changes of 0 follow
/// our own rules.
public final class CabsReference {
    private CabsReference() {}

    /// @param rowLength elements of a row
    public static double[] merge(
            float[] base,
            float[][] models,
            int rowLength,
            double[] weights,
            int n,
            int m,
            double lambda) {
        double[] result = new double[base.length];
        boolean[] kept = new boolean[base.length];
        for (int i = 0; i < base.length; i++) {
            result[i] = base[i];
        }
        for (int model = 0; model < models.length; model++) {
            for (int row = 0; row < base.length; row += rowLength) {
                for (int from = row; from < row + rowLength; from += m) {
                    int end = Math.min(from + m, row + rowLength);
                    int most = (int) Math.ceil(n * (end - from) / (double) m);
                    for (int i : largest(base, models[model], kept, from, end, most)) {
                        kept[i] = true;
                        double change = (double) models[model][i] - base[i];
                        result[i] = base[i] + lambda * weights[model] * change;
                    }
                }
            }
        }
        return result;
    }

    private static List<Integer> largest(
            float[] base, float[] model, boolean[] kept, int from, int end, int most) {
        List<Integer> free = new ArrayList<>();
        for (int i = from; i < end; i++) {
            if (!kept[i] && model[i] != base[i]) {
                free.add(i);
            }
        }
        free.sort(Comparator.comparingDouble(i -> -Math.abs((double) model[i] - base[i])));
        return free.subList(0, Math.min(most, free.size()));
    }
}
