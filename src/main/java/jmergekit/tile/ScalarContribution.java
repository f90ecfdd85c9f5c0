package jmergekit.tile;

/// The operations on differences that count only above a threshold, as plain loops.
final class ScalarContribution {
    private ScalarContribution() {}

    static void contribute(
            float[] x,
            float least,
            float factor,
            float[] sum,
            float[] scaled,
            float[] count,
            int from,
            int end) {
        for (int i = from; i < end; i++) {
            if (!(Math.abs(x[i]) <= least)) {
                sum[i] += x[i];
                scaled[i] += factor * x[i];
                count[i] += 1;
            }
        }
    }

    static int countContributions(
            float[] x, float least, float[] count, float most, int from, int end) {
        int found = 0;
        for (int i = from; i < end; i++) {
            if (!(Math.abs(x[i]) <= least) && count[i] <= most) {
                found++;
            }
        }
        return found;
    }

    static void meanOrSole(float[] sum, float[] scaled, float[] count, int from, int end) {
        for (int i = from; i < end; i++) {
            sum[i] = count[i] > 1 ? sum[i] / count[i] : scaled[i];
        }
    }
}
