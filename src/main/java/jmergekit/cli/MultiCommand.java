package jmergekit.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiReader;
import jmergekit.model.ModelSources;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.stages.StageGraph;
import jmergekit.stages.StagePlanner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes the outputs of several recipes in one file, where some use the outputs of others.
@Command(
        name = "multi",
        aliases = "mergekit-multi",
        description = "Makes several merges, where later ones can use the results of earlier ones.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class MultiCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "RECIPES",
            description = "A YAML file with one recipe per document.")
    private String recipes;

    @Option(
            names = "--out-path",
            paramLabel = "DIR",
            description = "The folder for the unnamed recipe's model.")
    private Optional<String> outPath = Optional.empty();

    @Option(
            names = {"-I", "--intermediate-dir"},
            paramLabel = "DIR",
            description =
                    "Write the output of each named recipe to a subfolder of this folder with "
                            + "that name, and read it from there. Without it, models that other "
                            + "recipes use are not written.")
    private Optional<String> intermediates = Optional.empty();

    @Option(
            names = "--lazy",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Reuse the output of an earlier run for a named recipe if the recipe, the "
                            + "options and the inputs are unchanged (default).")
    private boolean lazy;

    @Option(
            names = "--i-understand-this-is-not-useful-without-training",
            description = "Allow a mixture whose experts are all copies of one model.")
    private boolean allowSameModel;

    @Mixin private RunOptions run;

    MultiCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        run.check(problems);
        Path file = console.resolve(recipes);
        Optional<MultiConfig> read =
                new MultiReader(console.workingDirectory(), console.methods())
                        .read(file, recipes, problems);
        MultiConfig config = read.orElseThrow(() -> new MergeException(problems.all()));
        StagePlaces places = new StagePlaces(outPath, intermediates, lazy, console);
        StageGraph graph = graph(config, places, problems);
        places.check(config, graph, run, problems);
        if (run.strict) {
            problems.refuseWarnings();
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        StagePlanner planner =
                new StagePlanner(config, graph, run.merging.copyTokenizer, allowSameModel);
        try (ModelSources sources = run.merging.sources(console, run.says.quiet);
                OpenedDevice device = new OpenedDevice(run.devices)) {
            new StageRun(graph, planner, places, file, run, sources, device, console).make();
            run.tellReceived(sources, console);
        }
        return ExitCode.OK.status();
    }

    private StageGraph graph(MultiConfig config, StagePlaces places, Problems problems) {
        try {
            return StageGraph.of(
                    config,
                    path -> console.has(path) && places.stageAt(path, config).isEmpty(),
                    path -> places.stageAt(path, config));
        } catch (MergeException e) {
            problems.add(e);
            throw new MergeException(problems.all());
        }
    }
}
