package jmergekit.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import jmergekit.search.Variable;
import org.jspecify.annotations.Nullable;

/// Reads the recipe with each option of its choices, keeping all other marks at their start.
///
/// @param found the places of the marks, in their order
record MarkedOptions(
        RecipeReader recipes,
        SourceText file,
        MarkedText marked,
        List<MarkFinder.Found> found,
        List<SearchMark> marks) {
    /// Only this many options are read.
    private static final int MOST_READINGS = 200;

    /// Keys whose values are valid or not regardless of the rest of the recipe.
    private static final Set<String> ALONE = Set.of("model", "base_model");

    /// The recipes that could be read.
    ///
    /// @param configs the recipes, starting with the initial one
    /// @param models models that only an option adds, with the place of its mark
    /// @param dtypes dtypes that may be chosen, with the place of their mark
    record Read(
            List<MergeConfig> configs,
            List<Located<ModelReference>> models,
            List<Located<String>> dtypes) {}

    /// Refuses options that are invalid for any value of the other marks, and warns about options
    /// that are invalid where the others start.
    ///
    /// @param atStart the problems of the recipe at the start of the search
    Read read(MergeConfig first, Problems atStart, Problems problems) {
        List<MergeConfig> configs = new ArrayList<>(List.of(first));
        Set<ModelReference> known = new LinkedHashSet<>(models(first));
        List<Located<ModelReference>> models = new ArrayList<>();
        int readings = 0;
        for (int i = 0; i < marks.size(); i++) {
            SearchMark mark = marks.get(i);
            for (String option : mark.options()) {
                if (option.equals(mark.start()) || readings == MOST_READINGS) {
                    continue;
                }
                readings++;
                Optional<MergeConfig> config = read(i, option, atStart, problems);
                config.ifPresent(configs::add);
                config.stream()
                        .flatMap(c -> models(c).stream())
                        .filter(known::add)
                        .forEach(m -> models.add(new Located<>(m, mark.at())));
            }
        }
        return new Read(List.copyOf(configs), List.copyOf(models), dtypes());
    }

    private List<Located<String>> dtypes() {
        List<Located<String>> dtypes = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            String key = String.join(" ", found.get(i).keys());
            if ((key.equals("dtype") || key.equals("out_dtype"))
                    && marks.get(i).variables().getFirst() instanceof Variable.Choice choice) {
                Location at = marks.get(i).at();
                choice.options().forEach(option -> dtypes.add(new Located<>(option, at)));
            }
        }
        return List.copyOf(dtypes);
    }

    private static List<ModelReference> models(MergeConfig config) {
        List<ModelReference> models = new ArrayList<>(MarkedModels.of(config.composition()));
        config.baseModel().map(Located::value).ifPresent(models::add);
        return models;
    }

    private Optional<MergeConfig> read(
            int index, String option, Problems atStart, Problems problems) {
        List<String> values = new ArrayList<>(marks.stream().map(SearchMark::start).toList());
        values.set(index, option);
        Problems own = new Problems();
        Optional<MergeConfig> config = recipes.read(file.name(), marked.inItsLines(values), own);
        MarkedPlaces places = new MarkedPlaces(file, marked, values);
        Location at = marks.get(index).at();
        boolean alone = found.get(index).keys().stream().anyMatch(ALONE::contains);
        List<Problem> known = new ArrayList<>(atStart.all());
        known.addAll(problems.all());
        List<String> texts = known.stream().map(Problem::what).toList();
        for (Problem problem : own.all()) {
            if (problem.severity() != Severity.ERROR || texts.contains(problem.what())) {
                continue;
            }
            Problem placed = places.inFile(problem);
            if (alone && isAt(at, placed.location())) {
                problems.add(placed);
            } else {
                problems.add(
                        placed.hint(
                                        "with "
                                                + option
                                                + " on line "
                                                + at.line()
                                                + "; such candidates fail")
                                .asWarning());
            }
        }
        return config;
    }

    private static boolean isAt(Location mark, @Nullable Location found) {
        return found != null && found.line() == mark.line() && found.column() == mark.column();
    }
}
