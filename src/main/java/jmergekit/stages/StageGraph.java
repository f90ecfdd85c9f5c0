package jmergekit.stages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jmergekit.config.Located;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;
import jmergekit.planner.References;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// The dependencies between several recipes.
public final class StageGraph {
    /// The longest chain of recipes in which each needs the one before. Tensors are nested as
    /// deeply.
    public static final int LONGEST_CHAIN = 256;

    private final MultiConfig config;
    private final Predicate<String> isFolder;
    private final Function<String, Optional<String>> stageAt;
    private final Map<Stage, Set<Stage>> needs = new IdentityHashMap<>();
    private final List<Stage> inOrder = new ArrayList<>();

    private StageGraph(
            MultiConfig config,
            Predicate<String> isFolder,
            Function<String, Optional<String>> stageAt) {
        this.config = config;
        this.isFolder = isFolder;
        this.stageAt = stageAt;
    }

    /// Determines the order.
    ///
    /// @param isFolder whether a path exists on disk, for names that could also mean a folder
    /// @param stageAt the name of the stage whose output goes to a path
    /// @throws MergeException if recipes depend on each other, or a name is ambiguous
    public static StageGraph of(
            MultiConfig config,
            Predicate<String> isFolder,
            Function<String, Optional<String>> stageAt) {
        StageGraph graph = new StageGraph(config, isFolder, stageAt);
        Problems problems = new Problems();
        for (Stage stage : config.stages()) {
            graph.needs.put(stage, graph.neededBy(stage, problems));
        }
        graph.checkFolders(problems);
        problems.throwIfErrors();
        Visit visit = graph.new Visit(problems);
        config.stages().forEach(visit::enter);
        problems.throwIfErrors();
        return graph;
    }

    /// All stages, each after those that it needs, otherwise in the order of the file.
    public List<Stage> inOrder() {
        return inOrder;
    }

    /// The stages that a stage needs, directly or indirectly, in order.
    public List<Stage> leadingTo(Stage stage) {
        Set<Stage> found = identitySet();
        addNeeds(stage, found);
        return inOrder.stream().filter(found::contains).toList();
    }

    private void addNeeds(Stage stage, Set<Stage> found) {
        for (Stage needed : needs.get(stage)) {
            if (found.add(needed)) {
                addNeeds(needed, found);
            }
        }
    }

    /// The stages that a stage names itself.
    public Set<Stage> needs(Stage stage) {
        return needs.get(stage);
    }

    /// The stages whose outputs no other stage needs, in order.
    public List<Stage> last() {
        Set<Stage> needed = identitySet();
        needs.values().forEach(needed::addAll);
        return inOrder.stream().filter(s -> !needed.contains(s)).toList();
    }

    // Compared by identity: hashing a stage would traverse its whole recipe.
    private static Set<Stage> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private Set<Stage> neededBy(Stage stage, Problems problems) {
        Set<Stage> needed = identitySet();
        for (Located<ModelReference> reference : references(stage.recipe())) {
            paths(reference.value())
                    .forEach(path -> {
                        Optional<Stage> named = config.named(path);
                        named.ifPresent(needed::add);
                        if (named.isEmpty() && !isFolder.test(path)) {
                            checkPath(path, reference, problems);
                        }
                    });
            if (config.named(reference.value().path()).isPresent()) {
                checkRevision(reference, problems);
            }
        }
        return needed;
    }

    /// The places where a stage uses another one as an adapter.
    List<Located<ModelReference>> adaptersOf(Stage stage) {
        return references(stage.recipe()).stream()
                .filter(r -> r.value().adapter().flatMap(a -> config.named(a.path())).isPresent())
                .toList();
    }

    private static List<Located<ModelReference>> references(StageRecipe recipe) {
        return switch (recipe) {
            case StageRecipe.Merge(var merge) -> References.everywhere(merge);
            case StageRecipe.Mixture(var mixture) -> References.everywhere(mixture);
        };
    }

    private static Stream<String> paths(ModelReference reference) {
        return Stream.concat(
                Stream.of(reference.path()),
                reference.adapter().map(AdapterReference::path).stream());
    }

    private void checkPath(String path, Located<ModelReference> reference, Problems problems) {
        Optional<String> stage = stageAt.apply(path);
        if (stage.isPresent()) {
            problems.add(
                    Problem.recipe(
                                    reference.at(),
                                    "'%s' is the output path of a recipe in this file"
                                            .formatted(path))
                            .hint("use its name, '%s'".formatted(stage.get())));
            return;
        }
        // A model on the hub that happens to look like a name has its organisation before it.
        if (path.indexOf('/') < 0) {
            Suggestion.closest(path, config.names())
                    .ifPresent(name ->
                            problems.add(
                                    Problem.recipe(
                                                    reference.at(),
                                                    "no recipe has the name '%s', and there is no such folder"
                                                            .formatted(path))
                                            .expected("one of " + String.join(", ", config.names()))
                                            .hint("did you mean '%s'?".formatted(name))));
        }
    }

    private static void checkRevision(Located<ModelReference> reference, Problems problems) {
        reference
                .value()
                .revision()
                .ifPresent(r ->
                        problems.add(
                                Problem.recipe(
                                                reference.at(),
                                                "'%s' is a recipe in this file and has no revisions"
                                                        .formatted(reference.value().path()))
                                        .found("@" + r)));
    }

    private void checkFolders(Problems problems) {
        config.withNames()
                .filter(s -> isFolder.test(s.name().orElseThrow()))
                .forEach(s ->
                        problems.add(
                                Problem.recipe(
                                                s.at(),
                                                "%s could mean this recipe or the file or folder with the same name"
                                                        .formatted(s.label()))
                                        .hint("give the recipe another name")));
    }

    /// A traversal that visits each stage once, after those that it needs.
    private final class Visit {
        private final Problems problems;
        private final List<Stage> path = new ArrayList<>();
        private final Set<Stage> entered = identitySet();
        private final Map<Stage, Integer> depths = new IdentityHashMap<>();
        private boolean isTooLong;

        Visit(Problems problems) {
            this.problems = problems;
        }

        void enter(Stage stage) {
            if (!entered.add(stage)) {
                int start = path.indexOf(stage);
                if (start >= 0) {
                    problems.add(cycle(path.subList(start, path.size())));
                }
                return;
            }
            if (path.size() == LONGEST_CHAIN) {
                tooLong(path.getFirst());
                return;
            }
            path.add(stage);
            needs.get(stage).forEach(this::enter);
            path.removeLast();
            int depth =
                    1
                            + needs.get(stage).stream()
                                    .mapToInt(s -> depths.getOrDefault(s, 0))
                                    .max()
                                    .orElse(0);
            depths.put(stage, depth);
            if (depth > LONGEST_CHAIN) {
                tooLong(stage);
            }
            inOrder.add(stage);
        }

        private void tooLong(Stage last) {
            if (!isTooLong) {
                problems.add(
                        Problem.recipe(
                                        last.at(),
                                        "the chain of recipes that need each other is too long")
                                .expected("at most " + LONGEST_CHAIN)
                                .hint(
                                        "merge the first of them into a folder with a separate command"));
                isTooLong = true;
            }
        }
    }

    private static Problem cycle(List<Stage> stages) {
        List<String> names = new ArrayList<>(stages.stream().map(Stage::label).toList());
        names.add(names.getFirst());
        return Problem.recipe(stages.getFirst().at(), "the recipes depend on each other in a cycle")
                .expected("an order in which each comes after those that it needs")
                .found(String.join(" needs ", names));
    }
}
