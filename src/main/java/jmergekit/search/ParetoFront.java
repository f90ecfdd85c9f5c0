package jmergekit.search;

import java.util.List;
import java.util.stream.IntStream;

/// The candidates that none of the others beats: better in one objective, and not worse in any.
public final class ParetoFront {
    private ParetoFront() {}

    /// Whether the first is better in one objective and not worse in any; higher is better.
    public static boolean dominates(double[] first, double[] second) {
        boolean better = false;
        for (int i = 0; i < first.length; i++) {
            if (first[i] < second[i]) {
                return false;
            }
            better |= first[i] > second[i];
        }
        return better;
    }

    /// The indices of those that none dominates, in their order.
    ///
    /// @param objectives of each candidate, as many of each; higher is better
    public static List<Integer> of(List<double[]> objectives) {
        return IntStream.range(0, objectives.size())
                .filter(i -> objectives.stream().noneMatch(o -> dominates(o, objectives.get(i))))
                .boxed()
                .toList();
    }
}
