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

/// Which of several recipes need which others.
public final class StageGraph {
    /// Most recipes of which each needs the one before. Tensors are made as deep.
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

    /// Finds the order.
    ///
    /// @param isFolder whether a path is there on disk, for names that could mean a folder as well
    /// @param stageAt the name of the stage whose output goes to a path
    /// @throws MergeException if recipes depend on each other, or it is not clear what a name means
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

    /// All stages, each after those that it needs, else in the order of the file.
    public List<Stage> inOrder() {
        return inOrder;
    }

    /// The stages that one needs, directly or not, in order.
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

    /// The stages that one names itself.
    public Set<Stage> needs(Stage stage) {
        return needs.get(stage);
    }

    /// The stages whose outputs no other one needs, in order.
    public List<Stage> last() {
        Set<Stage> needed = identitySet();
        needs.values().forEach(needed::addAll);
        return inOrder.stream().filter(s -> !needed.contains(s)).toList();
    }

    // Hashing a stage would go through all of its recipe.
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

    /// Where a stage names another one as an adapter.
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
                                    "'%s' is where the output of a recipe of this file goes"
                                            .formatted(path))
                            .hint("write its name, '%s'".formatted(stage.get())));
            return;
        }
        // A model of the hub that happens to look like a name has its organisation in front.
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
                                                "'%s' is a recipe of this file and has no revisions"
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
                                                "%s could mean this recipe or the file or folder of that name"
                                                        .formatted(s.label()))
                                        .hint("give the recipe another name")));
    }

    /// A walk that enters each stage once, those that it needs first.
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
                        Problem.recipe(last.at(), "too many recipes depend on each other in a row")
                                .expected("at most " + LONGEST_CHAIN)
                                .hint(
                                        "merge the first of them into a folder with a command of its own"));
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
