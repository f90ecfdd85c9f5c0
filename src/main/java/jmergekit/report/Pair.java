package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;

/// Two of the models that are merged.
///
/// @param first its number
/// @param second its number
/// @param name of both
record Pair(int first, int second, String name) {
    /// Every two models; the base, if there is one, is not among them.
    static List<Pair> of(ModelDifference models) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = models.hasBase() ? 1 : 0; i < models.models().size(); i++) {
            for (int j = i + 1; j < models.models().size(); j++) {
                String name = models.models().get(i) + " and " + models.models().get(j);
                pairs.add(new Pair(i, j, name));
            }
        }
        return pairs;
    }

    /// The cosine of their task vectors, or without a base of the models themselves.
    double cosine(Sums sums, boolean hasBase) {
        return hasBase ? sums.changeCosine(first, second) : sums.cosine(first, second);
    }

    /// Their distance divided by the norm of the first.
    double distance(Sums sums) {
        return sums.distance(first, second) / sums.norm(first);
    }
}
