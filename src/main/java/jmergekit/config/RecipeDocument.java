package jmergekit.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The single YAML document of a recipe. `source` is the file's name in messages, and `kind` the
/// kind of recipe that the command expects.
record RecipeDocument(String source, String text, RecipeKind kind) {

    /// The result of `reader` for the document. Problems are added in line order; the result is
    /// empty if an error hides part of the recipe.
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

    /// The problems in line order.
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
        // Otherwise, several documents are a separate kind of recipe.
        if (documents.size() > 1) {
            problems.add(
                    Problem.recipe(documents.get(1).at(), "unexpected second document")
                            .expected("a single document for " + kind.command())
                            .hint("a search needs its own file"));
            return Optional.empty();
        }
        return Optional.of(documents.getFirst());
    }
}
