package jmergekit.method;

import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.ElementRule;
import jmergekit.primitive.ElementTile;

/// The mean of all differences, weighted by their scores: those above a cut, stretched to the range
/// 0 to 1. An element without weights does not change.
///
/// @param limits for each score its cut and its largest value
record CompetitionMean(List<CompetitionScore> scores, float[][] limits) implements ElementRule {
    @Override
    public int spares() {
        return 3;
    }

    @Override
    public void change(ElementTile tile, float[] into) {
        int n = tile.n();
        float[] sums = tile.spare()[0];
        float[] weights = tile.spare()[1];
        float[] total = tile.spare()[2];
        Arrays.fill(into, 0, n, 0f);
        Arrays.fill(total, 0, n, 0f);
        Arrays.fill(sums, 0, n, 0f);
        for (float[] difference : tile.differences()) {
            CompetitionScore.add(difference, sums, n);
        }
        for (int i = 0; i < limits.length; i++) {
            System.arraycopy(sums, 0, weights, 0, n);
            scores.get(i).score(tile.differences()[i], weights, n);
            stretch(weights, limits[i][0], limits[i][1], n);
            add(tile.differences()[i], weights, into, total, n);
        }
        divide(into, total, n);
    }

    // If many elements have the largest score, they are also at the cut, and count in full.
    private static void stretch(float[] scores, float cut, float largest, int n) {
        if (largest > cut) {
            float factor = 1 / (largest - cut);
            for (int i = 0; i < n; i++) {
                scores[i] = Math.max(scores[i] - cut, 0) * factor;
            }
        } else {
            for (int i = 0; i < n; i++) {
                scores[i] = scores[i] > 0 && scores[i] >= cut ? 1 : 0;
            }
        }
    }

    private static void add(
            float[] difference, float[] weights, float[] sum, float[] total, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += weights[i] * difference[i];
            total[i] += weights[i];
        }
    }

    // A sum without weights is 0.
    private static void divide(float[] sum, float[] total, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] /= Math.max(total[i], Float.MIN_NORMAL);
        }
    }
}
