package jmergekit.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The one YAML document of a recipe. `source` is the file's name for messages, and `kind` what the
/// command makes of it.
record RecipeDocument(String source, String text, RecipeKind kind) {

    /// What `reader` makes of the document. Problems are added in the order of their lines; the
    /// result is empty if any of them is an error that hides a part of the recipe.
    <T> Optional<T> read(Problems problems, BiFunction<YamlNode, Problems, Optional<T>> reader) {
        Problems found = new Problems();
        Optional<T> config = Optional.empty();
        try {
            config = root(found).flatMap(root -> reader.apply(root, found));
        } catch (MergeException e) {
            found.add(e);
        }
        problems.addAll(inOrder(found));
        return found.hideSomething() ? Optional.empty() : config;
    }

    /// In the order of their lines.
    static Problems inOrder(Problems found) {
        return found.sorted(
                Comparator.comparingInt(RecipeDocument::line)
                        .thenComparingInt(RecipeDocument::column));
    }

    private static int line(Problem problem) {
        Location at = problem.location();
        return at == null ? 0 : at.line();
    }

    private static int column(Problem problem) {
        Location at = problem.location();
        return at == null ? 0 : at.column();
    }

    private Optional<YamlNode> root(Problems problems) {
        List<YamlNode> documents = YamlReader.documents(SourceText.of(source, text), problems);
        if (documents.isEmpty()) {
            problems.add(
                    Problem.usage(source, "the recipe is empty")
                            .expected("at least " + kind.needs()));
            return Optional.empty();
        }
        Optional<RecipeKind> other = RecipeKind.of(documents).filter(k -> k != kind);
        if (other.isPresent()) {
            problems.add(other.get().insteadOf(kind, documents));
            return Optional.empty();
        }
        // Several documents are otherwise a kind of their own.
        if (documents.size() > 1) {
            problems.add(
                    Problem.recipe(documents.get(1).at(), "a second document")
                            .expected("one for " + kind.command())
                            .hint("a search has a file of its own"));
            return Optional.empty();
        }
        return Optional.of(documents.getFirst());
    }
}
