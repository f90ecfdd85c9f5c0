package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.config.LayerSlices;
import jmergekit.config.LayerSlicesReader;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.recipes.StackedSlices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Stacks layers as an old file of `layer_slices` says.
@Command(
        name = "bakllama",
        description =
                "Stacks layers as an old file of 'layer_slices' says, and shows the recipe that it"
                        + " stands for.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class BakllamaCommand implements Callable<Integer>, PlannedCommand {
    private final Console console;
    private String recipe = "";

    @Mixin private RecipePaths paths;
    @Mixin private PrintYaml print;
    @Mixin private RunOptions run;

    BakllamaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return run.make(this, console);
    }

    @Override
    public String output() {
        return paths.output;
    }

    @Override
    public List<Path> read() {
        return List.of(console.resolve(paths.recipe));
    }

    @Override
    public PlannedOutput plan(PlanOptions options, Problems problems) {
        print.check(run, problems);
        Path file = console.resolve(paths.recipe);
        Optional<LayerSlices> slices =
                new LayerSlicesReader(console.workingDirectory())
                        .read(file, paths.recipe, problems);
        MergeConfig config =
                slices.flatMap(s -> StackedSlices.recipe(s, problems))
                        .flatMap(text -> read(text, problems))
                        .orElseThrow(() -> new MergeException(problems.all()));
        return new OutputPlanner(options, run.merging.copyTokenizer, problems).merge(config);
    }

    private Optional<MergeConfig> read(String text, Problems problems) {
        recipe = text;
        return new RecipeReader(console.workingDirectory())
                .read("the recipe of " + paths.recipe, text, problems);
    }

    @Override
    public void settled() {
        print.tellOrPrint(recipe, paths.recipe, run, console);
    }

    @Override
    public boolean listsPlan() {
        return !print.printYaml;
    }
}
