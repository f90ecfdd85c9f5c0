package jmergekit.tile;

/// Adds up the lanes of a reduction in one fixed order.
public final class Lanes {
    private Lanes() {}

    /// Halves the lanes until one is left: lane `i` takes lane `i + half`. Leaves `lanes` as it was.
    public static double total(double[] lanes) {
        double[] sums = lanes.clone();
        for (int half = sums.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[i + half];
            }
        }
        return sums[0];
    }
}
