package jmergekit.method.reference;

import java.util.Arrays;

/// How important each change is, `|x - base|` times the divergence of its row, and from where on it
/// is taken over: 1.5 interquartile ranges above the median.
///
/// Source: "Meet Mergekit v0.1", Arcee, 2025; the quartiles are the sorted elements at
/// `floor(q (n - 1))` as in mergekit.
public final class ArceeFusionReference {
    private ArceeFusionReference() {}

    /// @param length of a row
    public static double[] importance(float[] base, float[] other, int length) {
        double[] importance = new double[base.length];
        for (int from = 0; from < base.length; from += length) {
            double[] p = softmax(other, from, length);
            double[] q = softmax(base, from, length);
            double divergence = 0;
            for (int i = 0; i < length; i++) {
                divergence += p[i] * Math.log(p[i] / q[i]);
            }
            for (int i = from; i < from + length; i++) {
                importance[i] = Math.abs((double) other[i] - base[i]) * divergence;
            }
        }
        return importance;
    }

    public static double threshold(double[] importance) {
        double[] sorted = importance.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        double range = sorted[(int) (0.75 * last)] - sorted[(int) (0.25 * last)];
        return sorted[(int) (0.5 * last)] + 1.5 * range;
    }

    private static double[] softmax(float[] tensor, int from, int length) {
        double[] result = new double[length];
        double sum = 0;
        for (int i = 0; i < length; i++) {
            result[i] = Math.exp(tensor[from + i]);
            sum += result[i];
        }
        return DoubleVectors.scaled(result, 1 / sum);
    }
}
