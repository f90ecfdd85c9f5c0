package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads recipes for tests, under the name `r.yml`.
final class Recipes {
    private Recipes() {}

    /// The recipe, which must be free of errors and warnings.
    static MergeConfig read(String text) {
        Problems problems = new Problems();
        Optional<MergeConfig> config = read(text, problems);
        assertThat(problems.all()).isEmpty();
        return config.orElseThrow();
    }

    static Optional<MergeConfig> read(String text, Problems problems) {
        return new RecipeReader(Path.of("nowhere")).read("r.yml", text, problems);
    }

    /// The reports of all errors and warnings, without the lines of the recipe.
    static List<String> reports(String text) {
        Problems problems = new Problems();
        Optional<MergeConfig> config = read(text, problems);
        assertThat(config.isEmpty()).isEqualTo(problems.hideSomething());
        return problems.all().stream().map(Recipes::firstLine).toList();
    }

    /// Reports of a recipe for one model whose own `parameters` are `parameters`, in line 3.
    static List<String> parameterReports(String parameters) {
        return reports(
                "merge_method: linear\nmodels:\n- {model: a, parameters: " + parameters + "}");
    }

    static MergeConfig withParameters(String parameters) {
        return read("merge_method: linear\nparameters: " + parameters + "\nmodels: [{model: a}]");
    }

    /// The recipe's text that a place covers.
    static String textAt(Location at) {
        return at.text().substring(at.column() - 1, at.column() - 1 + at.length());
    }

    private static String firstLine(Problem problem) {
        return problem.toString().lines().findFirst().orElseThrow();
    }
}
