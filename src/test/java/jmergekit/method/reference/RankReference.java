package jmergekit.method.reference;

import java.util.Arrays;
import java.util.Comparator;

/// Which elements of a task vector are left when the order of their magnitudes decides.
///
/// Sources: Yadav et al., "TIES-Merging", <https://arxiv.org/abs/2306.01708> (trim);
/// Davari and Belilovsky, "Model Breadcrumbs", <https://arxiv.org/abs/2312.06795>, with
/// mergekit's rule for how many elements a fraction is.
public final class RankReference {
    private RankReference() {}

    /// The `density` largest of the differences, rounded down but at least one; of equal ones the
    /// earlier.
    public static boolean[] largest(float[] base, float[] model, double density) {
        int kept = Math.max(1, (int) (density * base.length));
        return between(ascending(base, model), base.length - kept, base.length);
    }

    /// The differences without the `gamma` largest and without as many of the smallest as leave
    /// `density` of them; counts are rounded down. If `density` and `gamma` sum to more than 1,
    /// `density` decides; a density of 1 drops nothing.
    public static boolean[] middle(float[] base, float[] model, double density, double gamma) {
        int n = base.length;
        int target = (int) (density * n);
        int top = (int) (gamma * n);
        int bottom = n - target - top;
        if (bottom < 0) {
            top += bottom;
            bottom = 0;
        }
        return between(ascending(base, model), bottom, n - top);
    }

    // Places of the elements, the smallest first; of equal ones the later.
    private static Integer[] ascending(float[] base, float[] model) {
        double[] difference = ThinnedReference.difference(model, base);
        Integer[] order = new Integer[base.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.<Integer>comparingDouble(i -> Math.abs(difference[i]))
                        .thenComparing(Comparator.reverseOrder()));
        return order;
    }

    private static boolean[] between(Integer[] order, int from, int end) {
        boolean[] kept = new boolean[order.length];
        for (int place = from; place < end; place++) {
            kept[order[place]] = true;
        }
        return kept;
    }
}
