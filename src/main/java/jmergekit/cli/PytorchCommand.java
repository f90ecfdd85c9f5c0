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

/// Merges models of loose tensors: files of weights, of any kind of model.
@Command(
        name = "pytorch",
        aliases = "mergekit-pytorch",
        description =
                "Merges files of weights, of any kind of model, as a YAML recipe says: tensors of the"
                        + " same name with each other.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class PytorchCommand implements Callable<Integer>, PlannedCommand {
    private final Console console;

    @Mixin private RecipePaths paths;

    @Option(
            names = {"-i", "--tensor-intersection"},
            description =
                    "Merge the tensors that all models have, and leave out the others. Without -i and"
                            + " -u a model that lacks a tensor is refused.")
    private boolean intersection;

    @Option(
            names = {"-u", "--tensor-union"},
            description = "Merge the tensors of all models, each of the models that have it.")
    private boolean union;

    @Mixin private RunOptions run;

    PytorchCommand(Console console) {
        this.console = console;
    }

    /// The command, with what it says of options that have nothing to do with loose tensors.
    static CommandSpec spec(Console console) {
        return SharedOptions.unused(
                CommandSpec.forAnnotatedObject(new PytorchCommand(console)),
                Map.of(
                        "--copy-tokenizer", "there is no tokenizer.",
                        "--allow-crimes", "there is no architecture."));
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
                            "contradict each other: give one of them"));
        }
        MergeConfig config = paths.merge(console, problems);
        TensorChoice choice =
                intersection ? TensorChoice.COMMON : union ? TensorChoice.ALL : TensorChoice.SAME;
        return run.planner(options, problems).loose(config, choice);
    }
}
