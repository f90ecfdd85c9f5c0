package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jmergekit.config.MergeConfig;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Merges models according to a recipe.
@Command(
        name = "yaml",
        aliases = "mergekit-yaml",
        description = "Merges models according to a YAML recipe.",
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
        return paths.read(console);
    }

    @Override
    public PlannedOutput plan(PlanOptions options, Problems problems) {
        MergeConfig config = paths.merge(console, problems);
        return run.planner(options, problems).merge(config);
    }
}
