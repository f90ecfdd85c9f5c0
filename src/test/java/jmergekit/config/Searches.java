package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Problems;

/// Reads files for `mergekit-evolve` for tests, under the name `s.yml`.
public final class Searches {
    /// A task for files about something else.
    public static final String TASKS = "tasks: [{name: a}]\n";

    private Searches() {}

    /// The file, which must be free of errors and warnings.
    public static EvolveConfig read(String text) {
        Problems problems = new Problems();
        Optional<EvolveConfig> config = read(text, problems);
        assertThat(problems.all()).isEmpty();
        return config.orElseThrow();
    }

    static Optional<EvolveConfig> read(String text, Problems problems) {
        return new EvolveReader(Path.of("nowhere")).read("s.yml", text, problems);
    }

    /// The reports of all errors and warnings, without the lines of the file.
    static List<String> reports(String text) {
        Problems problems = new Problems();
        Optional<EvolveConfig> config = read(text, problems);
        assertThat(config.isEmpty()).isEqualTo(problems.hideSomething());
        return problems.all().stream().map(p -> p.toString().lines().findFirst().get()).toList();
    }

    /// Reads a recipe that a search made, which must be free of errors.
    public static MergeConfig readsAsRecipe(String text) {
        Problems problems = new Problems();
        Optional<MergeConfig> config =
                new RecipeReader(Path.of("nowhere")).read("r.yml", text, problems);
        assertThat(problems.hasErrors()).as(problems.all() + "\n" + text).isFalse();
        return config.orElseThrow();
    }
}
