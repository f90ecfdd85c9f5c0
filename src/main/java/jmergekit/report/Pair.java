package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;

/// Two models of a comparison, as in every table or chart of pairs.
///
/// @param first number of the one
/// @param second number of the other
/// @param name of both, as in `a and b`
record Pair(int first, int second, String name) {
    /// Every two models; the base, if there is one, is not among them.
    static List<Pair> of(ModelDifference models) {
        return from(models.hasBase() ? 1 : 0, models.models());
    }

    /// Every two models from one of them on.
    ///
    /// @param begin number of that model
    /// @param names of all models
    static List<Pair> from(int begin, List<String> names) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = begin; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                pairs.add(new Pair(i, j, names.get(i) + " and " + names.get(j)));
            }
        }
        return pairs;
    }

    /// The cosine of their task vectors, or without a base of the models themselves.
    double cosine(Sums sums, boolean hasBase) {
        return hasBase ? sums.changeCosine(first, second) : sums.cosine(first, second);
    }

    /// Their distance divided by the norm of the first.
    double relativeDistance(Sums sums) {
        return sums.distance(first, second) / sums.norm(first);
    }
}
