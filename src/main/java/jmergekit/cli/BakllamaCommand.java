package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jmergekit.config.LayerSlicesReader;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.recipes.StackedSlices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Stacks layers according to an old `layer_slices` file.
@Command(
        name = "bakllama",
        description =
                "Stacks layers according to an old 'layer_slices' file, and shows the equivalent "
                        + "recipe.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class BakllamaCommand implements Callable<Integer>, PlannedCommand {
    private final Console console;

    @Mixin private RecipePaths paths;
    @Mixin private WrittenRecipe recipe;
    @Mixin private RunOptions run;

    BakllamaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return recipe.make(this, run, console);
    }

    @Override
    public String output() {
        return paths.output;
    }

    @Override
    public List<Path> read() {
        return paths.read(console);
    }

    @Override
    public PlannedOutput plan(PlanOptions options, Problems problems) {
        recipe.check(run, problems);
        Path file = console.resolve(paths.recipe);
        String text =
                new LayerSlicesReader(console.workingDirectory())
                        .read(file, paths.recipe, problems)
                        .flatMap(slices -> StackedSlices.recipe(slices, problems))
                        .orElseThrow(() -> new MergeException(problems.all()));
        return recipe.plan(text, run, options, console, problems);
    }

    @Override
    public void settled() {
        recipe.tellOrPrint(paths.recipe, run, console);
    }

    @Override
    public boolean listsPlan() {
        return !recipe.printYaml;
    }
}
