package jmergekit.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.stages.StageGraph;

/// Where the outputs of several recipes go.
///
/// @param outPath the output folder of the unnamed recipe
/// @param intermediates the parent of the named recipes' output folders
/// @param lazy whether up-to-date outputs are reused
record StagePlaces(
        Optional<String> outPath, Optional<String> intermediates, boolean lazy, Console console) {
    /// The output folder of a stage, as a user would type it.
    String of(Stage stage) {
        return stage.name()
                .map(name ->
                        Path.of(intermediates.or(this::outPath).orElseThrow())
                                .resolve(name)
                                .toString())
                .orElseGet(outPath::orElseThrow);
    }

    /// The stages whose outputs are written, each after the stages it needs.
    List<Stage> written(StageGraph graph) {
        return intermediates.isPresent() ? graph.inOrder() : graph.last();
    }

    /// The named stage whose output goes to this folder.
    Optional<String> stageAt(String path, MultiConfig config) {
        return intermediates.or(this::outPath).isEmpty() || Console.isInStore(path)
                ? Optional.empty()
                : config.withNames()
                        .filter(s -> console.resolve(of(s)).equals(console.resolve(path)))
                        .findFirst()
                        .flatMap(Stage::name);
    }

    /// Finds outputs without a folder and conflicting folders.
    ///
    /// @throws jmergekit.problem.MergeException if a place is not on this machine
    void check(MultiConfig config, StageGraph graph, RunOptions run, Problems problems) {
        outPath.ifPresent(console::resolve);
        intermediates.ifPresent(console::resolve);
        if (config.unnamed().isPresent() && outPath.isEmpty()) {
            problems.add(
                    Problem.usage(
                                    "--out-path",
                                    "is missing: the recipe on line %d has no name"
                                            .formatted(config.unnamed().get().at().line()))
                            .hint("give --out-path, or add a 'name' to the recipe"));
            return;
        }
        if (outPath.isEmpty() && intermediates.isEmpty()) {
            problems.add(
                    Problem.usage("--intermediate-dir", "is missing, and so is --out-path")
                            .hint(
                                    "give one of them: the outputs of named recipes go into its "
                                            + "subfolders"));
            return;
        }
        List<Stage> written = written(graph);
        if (config.unnamed().isPresent() && intermediates.isEmpty() && written.size() > 1) {
            written.stream()
                    .filter(s -> s.name().isPresent())
                    .forEach(other ->
                            problems.add(
                                    Problem.recipe(
                                                    other.at(),
                                                    "the output of %s has no folder, and no other recipe uses it"
                                                            .formatted(other.label()))
                                            .hint(
                                                    "give --intermediate-dir, or remove the "
                                                            + "recipe")));
        }
        if (!lazy && intermediates.isEmpty()) {
            problems.add(
                    Problem.usage("--no-lazy", "has no effect without --intermediate-dir")
                            .asWarning());
        }
        if (config.unnamed().isEmpty() && outPath.isPresent() && intermediates.isPresent()) {
            problems.add(
                    Problem.usage("--out-path", "has no effect: all recipes have names")
                            .hint("their outputs go into subfolders of --intermediate-dir")
                            .asWarning());
        }
        if (run.dryRun && run.format == PlanFormat.JSON && written.size() > 1) {
            problems.add(
                    Problem.usage("--format json", "can only print one plan")
                            .found(written.size() + " outputs")
                            .hint(
                                    "without --intermediate-dir there is a single plan if all "
                                            + "recipes but one are used by others"));
        }
        if (!problems.hasErrors()) {
            checkApart(written, problems);
        }
    }

    // Output folders are moved into place as a whole, so one cannot contain another.
    private void checkApart(List<Stage> written, Problems problems) {
        Map<Path, Stage> places = new HashMap<>();
        written.forEach(s -> places.put(console.resolve(of(s)), s));
        for (Stage stage : written) {
            for (Path p = console.resolve(of(stage)).getParent(); p != null; p = p.getParent()) {
                Stage around = places.get(p);
                if (around != null) {
                    problems.add(
                            Problem.usage(
                                            "--intermediate-dir",
                                            "the output of %s would be inside that of %s"
                                                    .formatted(stage.label(), around.label()))
                                    .found("'%s' in '%s'".formatted(of(stage), of(around))));
                }
            }
        }
        if (places.size() < written.size()) {
            problems.add(
                    Problem.usage("--out-path", "is also the folder of a named recipe")
                            .found("'" + outPath.orElseThrow() + "'"));
        }
    }
}
