package jmergekit.output;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final MultiConfig config;
    private final Map<Stage, Set<Stage>> needs = new LinkedHashMap<>();
    private final List<Stage> inOrder = new ArrayList<>();

    private StageGraph(MultiConfig config) {
        this.config = config;
    }

    /// Finds the order.
    ///
    /// @param isFolder whether a path is there on disk, for names that could mean a folder as well
    /// @throws MergeException if recipes need each other, or it is not clear what a name means
    public static StageGraph of(MultiConfig config, Predicate<String> isFolder) {
        StageGraph graph = new StageGraph(config);
        Problems problems = new Problems();
        for (Stage stage : config.stages()) {
            graph.needs.put(stage, graph.neededBy(stage, isFolder, problems));
        }
        graph.checkFolders(isFolder, problems);
        problems.throwIfErrors();
        Map<Stage, Boolean> done = new HashMap<>();
        config.stages().forEach(s -> graph.visit(s, new ArrayList<>(), done, problems));
        problems.throwIfErrors();
        return graph;
    }

    /// All stages, each after those that it needs, else in the order of the file.
    public List<Stage> inOrder() {
        return inOrder;
    }

    /// The stages that others need, directly or not, and those that they need.
    public List<Stage> leadingTo(Stage stage) {
        Set<Stage> found = new HashSet<>();
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

    /// The stages whose outputs no other one needs, in order.
    public List<Stage> last() {
        Set<Stage> needed = new HashSet<>();
        needs.values().forEach(needed::addAll);
        return inOrder.stream().filter(s -> !needed.contains(s)).toList();
    }

    private Set<Stage> neededBy(Stage stage, Predicate<String> isFolder, Problems problems) {
        Set<Stage> needed = new LinkedHashSet<>();
        for (Located<ModelReference> reference : references(stage.recipe())) {
            paths(reference.value())
                    .forEach(path -> {
                        Optional<Stage> named = config.named(path);
                        named.ifPresent(needed::add);
                        if (named.isEmpty() && !isFolder.test(path)) {
                            misspelt(path, reference, problems);
                        }
                    });
            if (config.named(reference.value().path()).isPresent()) {
                checkRevision(reference, problems);
            }
        }
        return needed;
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

    private void misspelt(String path, Located<ModelReference> reference, Problems problems) {
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

    private void checkFolders(Predicate<String> isFolder, Problems problems) {
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

    /// @param path from the stage that was asked first to this one
    private void visit(Stage stage, List<Stage> path, Map<Stage, Boolean> done, Problems problems) {
        if (done.containsKey(stage)) {
            if (!done.get(stage)) {
                problems.add(circle(path.subList(path.indexOf(stage), path.size())));
            }
            return;
        }
        done.put(stage, false);
        path.add(stage);
        needs.get(stage).forEach(needed -> visit(needed, path, done, problems));
        path.removeLast();
        done.put(stage, true);
        inOrder.add(stage);
    }

    private static Problem circle(List<Stage> stages) {
        List<String> names = new ArrayList<>(stages.stream().map(Stage::label).toList());
        names.add(names.getFirst());
        return Problem.recipe(stages.getFirst().at(), "recipes need each other")
                .expected("an order in which each comes after those that it needs")
                .found(String.join(" needs ", names));
    }
}
