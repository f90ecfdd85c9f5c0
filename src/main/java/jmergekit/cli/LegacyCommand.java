package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.recipes.LegacyCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Merges models according to options, as was done before recipes existed.
@Command(
        name = "legacy",
        aliases = "mergekit-legacy",
        description =
                "Merges models according to options, and shows the equivalent recipe. Kept for "
                        + "old command lines; recipes can do more.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class LegacyCommand implements Callable<Integer>, PlannedCommand {
    private static final LegacyCall.Names OPTIONS =
            new LegacyCall.Names(
                    "--merge", "--weight", "--density", "--method", "--base-model", "--normalize");

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
    private String output;

    @Option(
            names = "--merge",
            paramLabel = "MODEL",
            description = "A model to merge. May be repeated.")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--weight",
            paramLabel = "WEIGHT",
            description = "The model's weight, one for each --merge in the same order.")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--density",
            paramLabel = "DENSITY",
            description = "The model's density, one for each --merge in the same order.")
    private List<Double> densities = new ArrayList<>();

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            completionCandidates = Candidates.Methods.class,
            defaultValue = "ties",
            description = "The merge method. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(names = "--base-model", paramLabel = "MODEL", description = "The base model.")
    private Optional<String> baseModel = Optional.empty();

    @Option(
            names = "--normalize",
            negatable = true,
            description = "Divide by the weights. Default: as the merge method does.")
    private Optional<Boolean> normalize = Optional.empty();

    @Option(
            names = "--bf16",
            negatable = true,
            description = "Write bfloat16. Default: the dtype of the models.")
    private boolean bf16;

    @Option(
            names = "--int8-mask",
            negatable = true,
            description = "Accepted for compatibility; changes nothing.")
    private boolean int8Mask;

    @Option(
            names = "--naive-count",
            negatable = true,
            description = "Refused: no merge method counts signs instead of summing weights.")
    private boolean naiveCount;

    @Mixin private WrittenRecipe recipe;
    @Mixin private RunOptions run;

    LegacyCommand(Console console) {
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
        recipe.check(run, problems);
        if (naiveCount) {
            problems.add(
                    Problem.usage("--naive-count", "no merge method counts signs")
                            .hint("omit it: the sign with the larger sum of weights is used"));
        }
        LegacyCall call =
                new LegacyCall(
                        method,
                        baseModel,
                        models,
                        weights,
                        densities,
                        normalize,
                        int8Mask,
                        bf16 ? Optional.of("bfloat16") : Optional.empty());
        String text =
                call.recipe(OPTIONS, console.methods(), problems)
                        .orElseThrow(() -> new MergeException(problems.all()));
        return recipe.plan(text, run, options, console, problems);
    }

    @Override
    public void settled() {
        recipe.tellOrPrint("this call", run, console);
    }

    @Override
    public boolean listsPlan() {
        return !recipe.printYaml;
    }
}
