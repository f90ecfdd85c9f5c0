package jmergekit.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.problem.Location;

/// Several recipes in one file, of which some use what others make. `source` is the file's name as
/// given and `text` its content verbatim. Names are plain and differ, and at most one recipe has none;
/// whether they need each other is not known yet.
///
/// @param stages in the order of the file
public record MultiConfig(String source, String text, List<Stage> stages) {
    public MultiConfig {
        stages = List.copyOf(stages);
    }

    /// One of the recipes.
    ///
    /// @param name that others call its output by
    public record Stage(Optional<String> name, StageRecipe recipe, Location at) {
        /// How messages call it.
        public String label() {
            return name.map(n -> "'" + n + "'").orElse("the unnamed recipe");
        }
    }

    /// What a recipe makes.
    public sealed interface StageRecipe {
        /// A merged model, or a merged adapter.
        record Merge(MergeConfig config) implements StageRecipe {}

        /// A mixture of experts.
        record Mixture(MixtureConfig config) implements StageRecipe {}
    }

    /// The names, in the order of the file.
    public List<String> names() {
        return stages.stream().map(Stage::name).flatMap(Optional::stream).toList();
    }

    /// The stage of a name.
    public Optional<Stage> named(String name) {
        return stages.stream().filter(s -> s.name().equals(Optional.of(name))).findFirst();
    }

    /// The stage that has no name.
    public Optional<Stage> unnamed() {
        return stages.stream().filter(s -> s.name().isEmpty()).findFirst();
    }

    /// The stages that have a name.
    public Stream<Stage> withNames() {
        return stages.stream().filter(s -> s.name().isPresent());
    }
}
