package jmergekit;

import java.nio.file.Path;
import java.util.Map;
import jmergekit.config.RecipeFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;

/// What to make of which models: a YAML recipe, of a merge or of a mixture of experts. Immutable.
///
/// Whether it makes sense is found out when it is planned.
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

    /// The recipe in a file. Paths of models in it count from the session's working directory.
    ///
    /// @throws MergeFailedException if the file cannot be read, or is no text in UTF-8
    public static Recipe read(Path file) {
        return read(file, file.toString());
    }

    /// The same.
    ///
    /// @param name how messages call the file
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

    /// Begins a recipe of a merge.
    ///
    /// @param method name of the merge method, such as `ties`
    public static RecipeBuilder merge(String method) {
        return new RecipeBuilder(UNNAMED, method);
    }

    /// The recipe in YAML.
    public String text() {
        return text;
    }

    /// What messages call it.
    String source() {
        return source;
    }

    /// The recipes that stand for models, by the name that the text calls them.
    Map<String, Recipe> inner() {
        return inner;
    }

    /// The YAML.
    @Override
    public String toString() {
        return text;
    }
}
