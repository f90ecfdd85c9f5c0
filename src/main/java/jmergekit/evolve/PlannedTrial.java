package jmergekit.evolve;

import java.util.Locale;
import java.util.Optional;
import jmergekit.MergePlan;
import jmergekit.evaluate.Split;
import jmergekit.search.Point;

/// A model to be made and scored.
///
/// @param number of the candidate, or of the baseline
/// @param baseline name of the baseline, if it is one
/// @param point the candidate's point
record PlannedTrial(
        long number,
        Optional<String> baseline,
        Split split,
        Optional<Point> point,
        MergePlan plan,
        String hash) {
    /// A name for its folder.
    String name() {
        String kind = baseline.isPresent() ? "baseline" : "candidate";
        String end = split == Split.SEARCH ? "" : "-held-out";
        return String.format(Locale.ROOT, "%s-%05d%s", kind, number, end);
    }
}
