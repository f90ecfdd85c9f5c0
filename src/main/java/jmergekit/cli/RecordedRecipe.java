package jmergekit.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiReader;
import jmergekit.engine.BoundPlan;
import jmergekit.hub.FetchList;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.PlanNote;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.Sharding;
import jmergekit.stages.PlaceholderFolders;
import jmergekit.stages.StageGraph;
import jmergekit.stages.StagePlanner;
import jmergekit.weights.LocalPath;

/// The recipe stored with an output: one, or several that use each other's outputs.
///
/// @param source its name in messages
/// @param start the base for relative paths in it
/// @param intermediates the folder with intermediate outputs, if they were written
record RecordedRecipe(
        String source,
        String text,
        PlanNote.Settings settings,
        Path start,
        Optional<Path> intermediates,
        ModelSources sources,
        MergeMethods methods) {
    /// Plans the recipe. If it has several outputs, returns the plan with this hash, or else the
    /// first.
    ///
    /// @throws MergeException with all problems of the recipe and its models
    BoundPlan plan(String hash, FetchList downloads) {
        // Warnings were reported when the model was made.
        Problems problems = new Problems();
        MultiConfig config =
                new MultiReader(start, methods)
                        .read(source, text, problems)
                        .orElseThrow(() -> new MergeException(problems.all()));
        problems.throwIfErrors();
        StageGraph graph = StageGraph.of(config, this::isFolder, _ -> Optional.empty());
        StagePlanner planner = new StagePlanner(config, graph, settings.copyTokenizer(), true);
        List<BoundPlan> plans = new ArrayList<>();
        try (PlaceholderFolders folders = new PlaceholderFolders()) {
            for (PlannedOutput output : planned(planner, graph, folders, problems)) {
                plans.add(output.plan(downloads::missing, Optional.empty()));
            }
        }
        problems.throwIfErrors();
        return plans.stream()
                .filter(p -> p.plan().hash().equals(hash))
                .findFirst()
                .orElse(plans.getFirst());
    }

    private List<PlannedOutput> planned(
            StagePlanner planner,
            StageGraph graph,
            PlaceholderFolders placeholders,
            Problems problems) {
        if (intermediates.isEmpty()) {
            return List.copyOf(planner.planInOnePass(options(), placeholders, problems).values());
        }
        Map<String, Path> folders = new HashMap<>();
        for (Stage stage : graph.inOrder()) {
            stage.name().ifPresent(n -> folders.put(n, intermediates.get().resolve(n)));
        }
        return graph.last().stream()
                .map(s -> planner.planFromFolders(s, options(), folders, problems))
                .toList();
    }

    private PlanOptions options() {
        ShardFormat format =
                settings.safeSerialization() ? ShardFormat.SAFETENSORS : ShardFormat.PYTORCH;
        return new PlanOptions(
                        new ModelLocator(start, sources),
                        methods,
                        true,
                        new Sharding(format, settings.shardBytes()),
                        settings.seed())
                .with(settings.experts());
    }

    private boolean isFolder(String path) {
        try {
            return Files.exists(LocalPath.of(path, start));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
