package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Merges models as a recipe says.
@Command(
        name = "yaml",
        aliases = "mergekit-yaml",
        description = "Merges models as a YAML recipe says.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class YamlCommand implements Callable<Integer>, PlannedCommand {
    private final Console console;
    @Mixin private RecipePaths paths;
    @Mixin private RunOptions run;

    YamlCommand(Console console) {
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
        Path recipe = console.resolve(paths.recipe);
        Optional<MergeConfig> read =
                new RecipeReader(console.workingDirectory()).read(recipe, paths.recipe, problems);
        MergeConfig config = read.orElseThrow(() -> new MergeException(problems.all()));
        return new OutputPlanner(options, run.merging.copyTokenizer, problems).merge(config);
    }
}
