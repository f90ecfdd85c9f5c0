package jmergekit.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.problem.Location;

/// Several recipes in one file, where some use the outputs of others. `source` is the file's name
/// as given and `text` its content verbatim. Names are plain and unique, and at most one recipe has
/// none; their dependencies are not known yet.
///
/// @param stages in the order of the file
public record MultiConfig(String source, String text, List<Stage> stages) {
    public MultiConfig {
        stages = List.copyOf(stages);
    }

    /// One of the recipes.
    ///
    /// @param name the name that other recipes use for its output
    public record Stage(Optional<String> name, StageRecipe recipe, Location at) {
        /// Its name in messages.
        public String label() {
            return name.map(n -> "'" + n + "'").orElse("the unnamed recipe");
        }
    }

    /// The kind of output a recipe makes.
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

    /// The stage with a name.
    public Optional<Stage> named(String name) {
        return stages.stream().filter(s -> s.name().equals(Optional.of(name))).findFirst();
    }

    /// The unnamed stage.
    public Optional<Stage> unnamed() {
        return stages.stream().filter(s -> s.name().isEmpty()).findFirst();
    }

    /// The named stages.
    public Stream<Stage> withNames() {
        return stages.stream().filter(s -> s.name().isPresent());
    }
}
