package jmergekit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.model.ModelReference;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.recipes.LayerShuffle;
import jmergekit.recipes.ShuffledRecipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a model from randomly drawn layers of several models.
@Command(
        name = "layershuffle",
        aliases = "mergekit-layershuffle",
        description = "Makes a model from randomly drawn layers of several models.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class LayerShuffleCommand implements Callable<Integer>, PlannedCommand {
    private static final LayerShuffle.Names OPTIONS =
            new LayerShuffle.Names("--model", "--weight", "--full-random");

    private final Console console;
    private Optional<ShuffledRecipe> shuffled = Optional.empty();

    @Parameters(
            index = "0",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
    private String output;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "A model to draw layers from. May be repeated.")
    private List<String> models = new ArrayList<>();

    @Option(
            names = {"-w", "--weight"},
            paramLabel = "WEIGHT",
            description =
                    "The model's share of the draws, one for each --model in the same order; "
                            + "with --full-random, the fraction of its layers to take.")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--full-random",
            negatable = true,
            description =
                    "Take a fraction of each model's layers, from any position, and shuffle them "
                            + "all. Otherwise layer N of the output is layer N of one of the "
                            + "models.")
    private boolean fullRandom;

    @Option(names = "--fp16", negatable = true, description = "Write float16.")
    private boolean fp16;

    @Mixin private WrittenRecipe recipe;

    @Option(
            names = "--write-yaml",
            paramLabel = "FILE",
            description = "Write the drawn recipe to a file, also with --dry-run.")
    private Optional<String> writeYaml = Optional.empty();

    @Mixin private RunOptions run;

    LayerShuffleCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return recipe.make(this, run, console);
    }

    @Override
    public String output() {
        return output;
    }

    @Override
    public List<Path> read() {
        return List.of();
    }

    @Override
    public PlannedOutput plan(PlanOptions options, Problems problems) {
        checkYaml(problems);
        List<ModelReference> references = models.stream().map(m -> reference(m, problems)).toList();
        Optional<String> dtype = fp16 ? Optional.of("float16") : Optional.empty();
        shuffled =
                new LayerShuffle(references, weights, fullRandom, dtype)
                        .draw(options, OPTIONS, problems);
        String text = shuffled.orElseThrow(() -> new MergeException(problems.all())).text();
        return recipe.plan(text, run, options, console, problems);
    }

    private ModelReference reference(String text, Problems problems) {
        try {
            return ModelReference.parse(text, console::has);
        } catch (MergeException e) {
            e.problems().forEach(p -> problems.add(Problem.usage("--model", p.toString())));
            return ModelReference.of(text);
        }
    }

    private void checkYaml(Problems problems) {
        recipe.check(run, problems);
        yamlFile().ifPresent(file -> file.check(problems));
        if (!run.dryRun && yamlFile().filter(this::isInOutput).isPresent()) {
            problems.add(
                    Problem.output(writeYaml.orElseThrow(), "is inside the output folder")
                            .hint(
                                    "omit the option: mergekit_config.yml in that folder has the "
                                            + "recipe"));
        }
    }

    private boolean isInOutput(ResultFile file) {
        return !Console.isInStore(output)
                && realPath(file.path()).startsWith(realPath(console.resolve(output)));
    }

    // Resolves links in the part of the path that exists.
    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path parent = path.getParent();
            Path name = path.getFileName();
            return parent == null || name == null ? path : realPath(parent).resolve(name);
        }
    }

    private Optional<ResultFile> yamlFile() {
        return writeYaml.map(
                given -> new ResultFile(console.resolve(given), given, ShuffledRecipe.MARK));
    }

    @Override
    public void settled() {
        ShuffledRecipe drawn = shuffled.orElseThrow();
        if (!run.says.quiet) {
            console.info(drawn.drawn());
        }
        yamlFile().ifPresent(file -> file.write(drawn.text()));
        recipe.print(console);
    }

    @Override
    public boolean listsPlan() {
        return !recipe.printYaml;
    }
}
