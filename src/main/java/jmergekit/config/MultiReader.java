package jmergekit.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads files of several recipes, one in each YAML document. Relative model paths are looked for in
/// `workingDirectory`, only to tell a `+` or `@` in a folder's name from an adapter or revision.
///
/// @param methods say what values their parameters have
public record MultiReader(Path workingDirectory, MergeMethods methods) {
    /// A name is also that of a folder, and never a path or a reference with a revision or adapter.
    private static final Pattern NAME =
            Pattern.compile("[\\w][\\w. -]{0,99}(?<![. ])", Pattern.UNICODE_CHARACTER_CLASS);

    private static final String SEPARATOR = "---";

    /// Of recipes for the methods that come with the program.
    public MultiReader(Path workingDirectory) {
        this(workingDirectory, MergeMethods.builtIn());
    }

    /// Reads the recipes in `file`, which messages call `source`; see [RecipeReader].
    public Optional<MultiConfig> read(Path file, String source, Problems problems) {
        return RecipeFile.text(file, source, problems)
                .flatMap(text -> read(source, text, problems));
    }

    /// Reads recipes, adding everything wrong with them to `problems` in the order of their lines;
    /// empty if any of that is an error that hides a part of them.
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
            documents.forEach(d -> stage(source, text, d, found).ifPresent(stages::add));
            checkNames(stages, found);
        } catch (MergeException e) {
            found.add(e);
        }
        problems.addAll(RecipeDocument.inOrder(found));
        return found.hideSomething()
                ? Optional.empty()
                : Optional.of(new MultiConfig(source, text, stages));
    }

    private Optional<Stage> stage(String source, String text, YamlNode root, Problems problems) {
        Optional<RecipeKind> kind = RecipeKind.of(List.of(root));
        if (kind.equals(Optional.of(RecipeKind.EVOLUTION))) {
            problems.add(RecipeKind.EVOLUTION.insteadOf(RecipeKind.MERGE, List.of(root)));
            return Optional.empty();
        }
        Optional<String> name = name(root, problems);
        String own = text(text, root.at().line());
        Optional<StageRecipe> recipe =
                kind.equals(Optional.of(RecipeKind.MIXTURE))
                        ? new MixtureReader(workingDirectory)
                                .mixture(source, own, root, problems)
                                .map(StageRecipe.Mixture::new)
                        : new RecipeReader(workingDirectory, methods)
                                .recipe(source, own, root, problems)
                                .map(StageRecipe.Merge::new);
        return recipe.map(r -> new Stage(name, r, root.at()));
    }

    private static Optional<String> name(YamlNode root, Problems problems) {
        if (!(root instanceof YamlNode.Mapping mapping) || mapping.byKey().get("name") == null) {
            return Optional.empty();
        }
        YamlNode value = mapping.byKey().get("name").value();
        if (value instanceof YamlNode.Scalar s && NAME.matcher(s.text()).matches() && !s.isNull()) {
            return Optional.of(s.text());
        }
        boolean isText = value instanceof YamlNode.Scalar s && !s.text().isEmpty();
        if (!isText) {
            // Whoever reads the rest of the recipe says so.
            return Optional.empty();
        }
        problems.add(
                Problem.recipe(value.at(), "not a name for a recipe")
                        .expected(
                                "letters, digits, '.', '_', '-' and blanks, beginning with a letter or"
                                        + " digit: the output gets a folder of this name")
                        .found(value.description()));
        return Optional.empty();
    }

    /// The lines of the document that has this line, counted from 1.
    private static String text(String text, int line) {
        List<String> lines = text.lines().toList();
        int start = line - 1;
        while (start > 0 && !lines.get(start).startsWith(SEPARATOR)) {
            start--;
        }
        // What follows the separator on its line belongs to the document.
        if (lines.get(start).strip().equals(SEPARATOR)) {
            start++;
        }
        int end = line;
        while (end < lines.size() && !lines.get(end).startsWith(SEPARATOR)) {
            end++;
        }
        return String.join("\n", lines.subList(start, end)) + "\n";
    }

    private static void checkNames(List<Stage> stages, Problems problems) {
        Map<String, Location> seen = new HashMap<>();
        Location unnamed = null;
        for (Stage stage : stages) {
            if (stage.name().isPresent()) {
                Location first = seen.putIfAbsent(stage.name().get(), stage.at());
                if (first != null) {
                    problems.add(
                            Problem.recipe(
                                            stage.at(),
                                            "a second recipe has the name '%s'"
                                                    .formatted(stage.name().get()))
                                    .expected("a name of its own")
                                    .found("the first one in line " + first.line()));
                }
            } else if (unnamed == null) {
                unnamed = stage.at();
            } else {
                problems.add(
                        Problem.recipe(stage.at(), "a second unnamed recipe")
                                .expected("a 'name' in all recipes but one")
                                .found("the first unnamed one in line " + unnamed.line()));
            }
        }
    }
}
