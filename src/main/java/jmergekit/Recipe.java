package jmergekit;

import java.nio.file.Path;
import java.util.Map;
import jmergekit.config.RecipeFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;

/// What to make from which models: a YAML recipe for a merge or a mixture of experts. Immutable.
///
/// A recipe is checked when it is planned.
public final class Recipe {
    private static final String UNNAMED = "recipe";

    private final String source;
    private final String text;
    private final Map<String, Recipe> inner;

    Recipe(String source, String text, Map<String, Recipe> inner) {
        this.source = source;
        this.text = text;
        this.inner = Map.copyOf(inner);
    }

    /// Reads a recipe from a file. Model paths in it are relative to the session's working
    /// directory.
    ///
    /// @throws MergeFailedException if the file cannot be read, or is not UTF-8 text
    public static Recipe read(Path file) {
        return read(file, file.toString());
    }

    /// Reads a recipe from a file.
    ///
    /// @param name what messages call the file
    public static Recipe read(Path file, String name) {
        return MergeFailedException.translate(() -> {
            Problems problems = new Problems();
            return RecipeFile.text(file, name, problems)
                    .map(text -> new Recipe(name, text, Map.of()))
                    .orElseThrow(() -> new MergeException(problems.all()));
        });
    }

    /// A recipe in YAML.
    public static Recipe parse(String yaml) {
        return new Recipe(UNNAMED, yaml, Map.of());
    }

    /// Starts a recipe for a merge.
    ///
    /// @param method the name of the merge method, such as `ties`
    public static RecipeBuilder merge(String method) {
        return new RecipeBuilder(UNNAMED, method);
    }

    /// The recipe in YAML.
    public String text() {
        return text;
    }

    /// What messages call the recipe.
    String source() {
        return source;
    }

    /// The recipes used as models, by the names that the text gives them.
    Map<String, Recipe> inner() {
        return inner;
    }

    /// The recipe in YAML.
    @Override
    public String toString() {
        return text;
    }
}
