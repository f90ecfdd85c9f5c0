package jmergekit.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.config.MixtureReader;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiReader;
import jmergekit.config.RecipeFile;
import jmergekit.config.RecipeKind;
import jmergekit.config.RecipeReader;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.TensorChoice;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.stages.PlaceholderFolders;
import jmergekit.stages.StageGraph;
import jmergekit.stages.StagePlanner;

/// A recipe of any kind that can be planned.
///
/// @param name as it was typed
/// @param text the file's contents
record CheckedRecipe(String name, String text, Console console) {
    /// Reads the file. It may be a pipe, which can only be read once.
    static CheckedRecipe read(String name, Console console, Problems problems) {
        return RecipeFile.text(console.resolve(name), name, problems)
                .map(text -> new CheckedRecipe(name, text, console))
                .orElseThrow(() -> new MergeException(problems.all()));
    }

    /// The planned outputs by name. Throws a [MergeException] with all problems found.
    ///
    /// @param loose which tensors are merged, if the models consist of loose tensors
    /// @param folders for outputs that other recipes use
    Map<String, PlannedOutput> plan(
            CheckCommand options,
            PlanOptions planning,
            Optional<TensorChoice> loose,
            PlaceholderFolders folders,
            Problems problems) {
        OutputPlanner planner =
                new OutputPlanner(planning, options.merging.copyTokenizer, problems);
        if (loose.isPresent()) {
            return Map.of(name, planner.loose(merge(problems), loose.get()));
        }
        return switch (RecipeKind.of(name, text).orElse(RecipeKind.MERGE)) {
            case MIXTURE ->
                    Map.of(
                            name,
                            new MixtureReader(console.workingDirectory())
                                    .read(name, text, problems)
                                    .map(m -> planner.mixture(m, options.allowSameModel))
                                    .orElseThrow(() -> new MergeException(problems.all())));
            case SEVERAL -> several(options, planning, folders, problems);
            // The reader reports recipes meant for another command.
            default -> Map.of(name, planner.merge(merge(problems)));
        };
    }

    private MergeConfig merge(Problems problems) {
        return new RecipeReader(console.workingDirectory(), console.methods())
                .read(name, text, problems)
                .orElseThrow(() -> new MergeException(problems.all()));
    }

    private Map<String, PlannedOutput> several(
            CheckCommand options,
            PlanOptions planning,
            PlaceholderFolders folders,
            Problems problems) {
        MultiConfig config =
                new MultiReader(console.workingDirectory(), console.methods())
                        .read(name, text, problems)
                        .orElseThrow(() -> new MergeException(problems.all()));
        StageGraph graph = StageGraph.of(config, console::has, _ -> Optional.empty());
        Map<Stage, PlannedOutput> planned =
                new StagePlanner(
                                config,
                                graph,
                                options.merging.copyTokenizer,
                                options.allowSameModel)
                        .planInOnePass(planning, folders, problems);
        Map<String, PlannedOutput> outputs = new LinkedHashMap<>();
        graph.last()
                .forEach(stage ->
                        outputs.put(
                                graph.last().size() == 1 ? name : stage.label(),
                                planned.get(stage)));
        return outputs;
    }
}
