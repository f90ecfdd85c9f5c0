package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import jmergekit.config.MergeConfig;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.TensorChoice;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Merges loose tensors: weight files from any kind of model.
@Command(
        name = "pytorch",
        aliases = "mergekit-pytorch",
        description =
                "Merges weight files from any kind of model according to a YAML recipe, matching "
                        + "tensors by name.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class PytorchCommand implements Callable<Integer>, PlannedCommand {
    private final Console console;

    @Mixin private RecipePaths paths;

    @Option(
            names = {"-i", "--tensor-intersection"},
            description =
                    "Merge only the tensors that all models have. Without -i or -u, a model that "
                            + "lacks a tensor is refused.")
    private boolean intersection;

    @Option(
            names = {"-u", "--tensor-union"},
            description = "Merge every tensor, using the models that have it.")
    private boolean union;

    @Mixin private RunOptions run;

    PytorchCommand(Console console) {
        this.console = console;
    }

    /// The command, with help texts for options that do not apply to loose tensors.
    static CommandSpec spec(Console console) {
        return SharedOptions.unused(
                CommandSpec.forAnnotatedObject(new PytorchCommand(console)),
                Map.of(
                        "--copy-tokenizer", "loose tensors have no tokenizer.",
                        "--allow-crimes", "loose tensors have no architecture."));
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
        if (intersection && union) {
            problems.add(
                    Problem.usage(
                            "--tensor-intersection, --tensor-union",
                            "contradict each other; give only one of them"));
        }
        MergeConfig config = paths.merge(console, problems);
        TensorChoice choice =
                intersection ? TensorChoice.COMMON : union ? TensorChoice.ALL : TensorChoice.SAME;
        return run.planner(options, problems).loose(config, choice);
    }
}
