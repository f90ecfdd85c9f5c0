package jmergekit.config;

import java.util.List;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;

/// Reads the recipe with all marks at the lower or all at the upper ends of their ranges.
record MarkedCorners(
        RecipeReader recipes, SourceText file, MarkedText marked, List<SearchMark> marks) {
    /// Warns of what is wrong with the recipe only there: those candidates fail, and others may be
    /// good.
    ///
    /// @param atStart what is known of the recipe where the search begins
    void report(boolean high, Problems atStart, Problems problems) {
        List<String> values = marks.stream().map(mark -> mark.corner(high)).toList();
        Problems found = new Problems();
        recipes.read(file.name(), marked.inItsLines(values), found);
        MarkedPlaces places = new MarkedPlaces(file, marked, values);
        List<String> known = atStart.all().stream().map(Problem::what).toList();
        String ends = high ? "upper" : "lower";
        found.all().stream()
                .filter(p -> p.severity() == Severity.ERROR && !known.contains(p.what()))
                .map(places::inFile)
                .map(p -> p.hint("with all marks at their " + ends + " ends; such candidates fail"))
                .forEach(p -> problems.add(p.asWarning()));
    }
}
