package jmergekit.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The kinds of recipe, each with its own command.
public enum RecipeKind {
    /// Models merged into one.
    MERGE("mergekit-yaml", "'merge_method' and 'models'"),
    /// A mixture of experts made from dense models.
    MIXTURE("mergekit-moe", "'base_model' and 'experts'"),
    /// Several merges, where later ones use the results of earlier ones.
    SEVERAL("mergekit-multi", "several recipes"),
    /// A search for the parameters of a merge.
    EVOLUTION("mergekit-evolve", "'tasks', and 'genome', 'stack' or a recipe with search marks"),
    /// Stacked layers, in the format used before slices existed.
    LAYER_SLICES("bakllama", "'layer_slices'");

    // Enough keys to recognise the kind when its required key is missing.
    private static final List<String> OF_MERGES =
            List.of("merge_method", "models", "slices", "modules");
    private static final List<String> OF_SEARCHES = List.of("genome", "stack", "tasks");
    private static final List<String> OF_MIXTURES =
            List.of("experts", "shared_experts", "gate_mode", "experts_per_token");

    /// Keys that only mixtures have, at least one in each.
    public static List<String> keysOfMixtures() {
        return OF_MIXTURES;
    }

    private final String command;
    private final String needs;

    RecipeKind(String command, String needs) {
        this.command = command;
        this.needs = needs;
    }

    String command() {
        return command;
    }

    /// What a recipe of this kind requires.
    String needs() {
        return needs;
    }

    /// The kind of recipe in a file's documents; empty if unknown.
    static Optional<RecipeKind> of(List<YamlNode> documents) {
        if (documents.stream().anyMatch(RecipeKind::isSearch)) {
            return Optional.of(EVOLUTION);
        }
        if (documents.size() > 1) {
            return Optional.of(SEVERAL);
        }
        if (documents.stream().anyMatch(document -> has(document, "layer_slices"))) {
            return Optional.of(LAYER_SLICES);
        }
        return documents.stream()
                .flatMap(document -> Stream.of(MERGE, MIXTURE).filter(k -> k.describes(document)))
                .findFirst();
    }

    private static boolean isSearch(YamlNode document) {
        return OF_SEARCHES.stream().anyMatch(key -> has(document, key))
                || MarkFinder.first(document).isPresent();
    }

    private static boolean has(YamlNode document, String key) {
        return document instanceof YamlNode.Mapping mapping && mapping.byKey().containsKey(key);
    }

    /// The kind of recipe a text looks like. Empty if unknown or unreadable; the reader of the
    /// recipe then reports the problem.
    ///
    /// @param source its name in messages
    public static Optional<RecipeKind> of(String source, String text) {
        try {
            return of(YamlReader.documents(SourceText.of(source, text), new Problems()));
        } catch (MergeException e) {
            return Optional.empty();
        }
    }

    /// Whether a text looks like a mixture recipe; false if it cannot be read.
    ///
    /// @param source its name in messages
    public static boolean isMixture(String source, String text) {
        return of(source, text).equals(Optional.of(MIXTURE));
    }

    private boolean describes(YamlNode document) {
        return document instanceof YamlNode.Mapping mapping
                && (this == MERGE ? OF_MERGES : OF_MIXTURES)
                        .stream().anyMatch(mapping.byKey()::containsKey);
    }

    /// The problem for a recipe of this kind given to the command for `expected`.
    Problem insteadOf(RecipeKind expected, List<YamlNode> documents) {
        // The second document makes it several recipes.
        int telling = this == SEVERAL ? 1 : 0;
        Location at =
                documents.stream()
                        .flatMap(document -> MarkFinder.first(document).stream())
                        .findFirst()
                        .filter(_ -> this == EVOLUTION)
                        .map(YamlNode::at)
                        .orElse(documents.get(telling).at());
        Problem problem =
                Problem.recipe(at, "this is a recipe for %s".formatted(command))
                        .expected("one for " + expected.command + ", with " + expected.needs)
                        .hint("run " + command + " with it");
        return this == SEVERAL
                ? problem.found(documents.size() + " recipes, separated by '---'")
                : problem;
    }
}
