package jmergekit.cli;

import java.nio.file.Path;
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
final class YamlCommand implements Callable<Integer>, RecipeCommand {
    private final Console console;
    @Mixin private RunOptions run;

    YamlCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return run.make(this, console);
    }

    @Override
    public PlannedOutput plan(Path recipe, String source, PlanOptions options, Problems problems) {
        Optional<MergeConfig> read =
                new RecipeReader(console.workingDirectory()).read(recipe, source, problems);
        MergeConfig config = read.orElseThrow(() -> new MergeException(problems.all()));
        return new OutputPlanner(options, run.copyTokenizer(), problems).merge(config);
    }
}
