package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;

/// Two models of a comparison, as used by tables and charts of pairs.
///
/// @param first the index of the first model
/// @param second the index of the second model
/// @param name the names of both, such as `a and b`
record Pair(int first, int second, String name) {
    /// All pairs of models, excluding the base if there is one.
    static List<Pair> of(ModelDifference models) {
        return from(models.hasBase() ? 1 : 0, models.models());
    }

    /// All pairs of models starting at an index.
    ///
    /// @param begin the index of the first model
    /// @param names the names of all models
    static List<Pair> from(int begin, List<String> names) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = begin; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                pairs.add(new Pair(i, j, names.get(i) + " and " + names.get(j)));
            }
        }
        return pairs;
    }

    /// The cosine of their task vectors, or of the models themselves if there is no base.
    double cosine(Sums sums, boolean hasBase) {
        return hasBase ? sums.changeCosine(first, second) : sums.cosine(first, second);
    }

    /// Their distance divided by the norm of the first model.
    double relativeDistance(Sums sums) {
        return sums.distance(first, second) / sums.norm(first);
    }
}
