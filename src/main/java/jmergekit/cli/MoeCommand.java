package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.config.MixtureConfig;
import jmergekit.config.MixtureReader;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes a mixture of experts from dense models.
@Command(
        name = "moe",
        aliases = "mergekit-moe",
        description = "Makes a mixture of experts from dense models according to a YAML recipe.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class MoeCommand implements Callable<Integer>, PlannedCommand {
    private static final String NOTHING =
            "Accepted for compatibility; does nothing here: hidden gates only ever hold one "
                    + "block of a matrix.";

    private final Console console;

    @Mixin private RecipePaths paths;

    @Option(
            names = "--i-understand-this-is-not-useful-without-training",
            description = "Allow a mixture whose experts are all copies of one model.")
    private boolean allowSameModel;

    @Mixin private RunOptions run;

    @Option(names = "--load-in-4bit", negatable = true, description = NOTHING)
    private boolean loadIn4Bit;

    @Option(names = "--load-in-8bit", negatable = true, description = NOTHING)
    private boolean loadIn8Bit;

    MoeCommand(Console console) {
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
        Optional<MixtureConfig> read =
                new MixtureReader(console.workingDirectory()).read(recipe, paths.recipe, problems);
        MixtureConfig config = read.orElseThrow(() -> new MergeException(problems.all()));
        return new OutputPlanner(options, run.merging.copyTokenizer, problems)
                .mixture(config, allowSameModel);
    }
}
