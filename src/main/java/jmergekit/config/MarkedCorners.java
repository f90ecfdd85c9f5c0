package jmergekit.config;

import java.util.List;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;

/// Reads the recipe with all marks at the lower or upper ends of their ranges.
record MarkedCorners(
        RecipeReader recipes, SourceText file, MarkedText marked, List<SearchMark> marks) {
    /// Warns about problems that occur only at those ends. Such candidates fail, but others may
    /// work.
    ///
    /// @param atStart the problems of the recipe at the start of the search
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
