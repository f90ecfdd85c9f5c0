package jmergekit.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.method.MergeMethods;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads files with several recipes, one per YAML document. Relative model paths are looked up in
/// `workingDirectory`, only to distinguish a `+` or `@` in a folder's name from an adapter or
/// revision.
///
/// @param methods define the values of their parameters
public record MultiReader(Path workingDirectory, MergeMethods methods) {
    private static final String SEPARATOR = "---";

    /// A reader for recipes with the built-in methods.
    public MultiReader(Path workingDirectory) {
        this(workingDirectory, MergeMethods.builtIn());
    }

    /// Reads the recipes in `file`, called `source` in messages; see [RecipeReader].
    public Optional<MultiConfig> read(Path file, String source, Problems problems) {
        return RecipeFile.text(file, source, problems)
                .flatMap(text -> read(source, text, problems));
    }

    /// Reads recipes, adding all their problems to `problems` in line order. Empty if an error
    /// hides part of them.
    public Optional<MultiConfig> read(String source, String text, Problems problems) {
        Problems found = new Problems();
        List<Stage> stages = new ArrayList<>();
        try {
            List<YamlNode> documents = YamlReader.documents(SourceText.of(source, text), found);
            if (documents.isEmpty()) {
                found.add(
                        Problem.usage(source, "the file has no recipe")
                                .expected("recipes, separated by '---'"));
            }
            StageNames names = new StageNames(found);
            List<String> lines = text.lines().toList();
            for (YamlNode document : documents) {
                RecipeKind kind = RecipeKind.of(List.of(document)).orElse(RecipeKind.MERGE);
                if (kind == RecipeKind.MERGE || kind == RecipeKind.MIXTURE) {
                    Optional<String> name = names.of(document);
                    recipe(kind, source, text(lines, document.at().line()), document, found)
                            .ifPresent(r -> stages.add(new Stage(name, r, document.at())));
                } else {
                    found.add(kind.insteadOf(RecipeKind.MERGE, List.of(document)));
                }
            }
        } catch (MergeException e) {
            found.add(e);
        }
        problems.addAll(RecipeDocument.inOrder(found));
        return found.hideSomething()
                ? Optional.empty()
                : Optional.of(new MultiConfig(source, text, stages));
    }

    /// @param text the text of the document alone
    private Optional<StageRecipe> recipe(
            RecipeKind kind, String source, String text, YamlNode root, Problems problems) {
        return kind == RecipeKind.MIXTURE
                ? new MixtureReader(workingDirectory)
                        .mixture(source, text, root, problems)
                        .map(StageRecipe.Mixture::new)
                : new RecipeReader(workingDirectory, methods)
                        .recipe(source, text, root, problems)
                        .map(StageRecipe.Merge::new);
    }

    /// The lines of the document containing this line, counted from 1.
    private static String text(List<String> lines, int line) {
        int start = line - 1;
        while (start > 0 && !lines.get(start).startsWith(SEPARATOR)) {
            start--;
        }
        // Text after the separator on its line belongs to the document.
        if (lines.get(start).strip().equals(SEPARATOR)) {
            start++;
        }
        int end = line;
        while (end < lines.size() && !lines.get(end).startsWith(SEPARATOR)) {
            end++;
        }
        return String.join("\n", lines.subList(start, end)) + "\n";
    }
}
