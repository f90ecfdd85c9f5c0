package jmergekit.search;

import java.util.ArrayList;
import java.util.List;

/// The candidates that no other dominates. A candidate dominates another if it is at least as good
/// in every objective and better in one. Higher is better; a candidate with NaN failed, and all
/// others dominate it.
public final class ParetoFront {
    private ParetoFront() {}

    /// The indices of the candidates that no other dominates, in order, including candidates with
    /// equal objectives. Empty if all failed.
    ///
    /// @param objectives of each candidate, the same number for each
    public static List<Integer> of(List<double[]> objectives) {
        List<Integer> front = new ArrayList<>();
        for (int i = 0; i < objectives.size(); i++) {
            double[] candidate = objectives.get(i);
            if (!failed(candidate)
                    && objectives.stream().noneMatch(other -> dominates(other, candidate))) {
                front.add(i);
            }
        }
        return front;
    }

    /// Whether the first is at least as good as the second in every objective, and better in one.
    public static boolean dominates(double[] one, double[] other) {
        if (failed(one)) {
            return false;
        }
        if (failed(other)) {
            return true;
        }
        boolean better = false;
        for (int i = 0; i < one.length; i++) {
            if (one[i] < other[i]) {
                return false;
            }
            better |= one[i] > other[i];
        }
        return better;
    }

    static boolean failed(double... objectives) {
        for (double objective : objectives) {
            if (Double.isNaN(objective)) {
                return true;
            }
        }
        return false;
    }
}
