package jmergekit.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import jmergekit.planner.TensorChoice;
import jmergekit.planner.WantedExperts;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.report.Check;
import jmergekit.report.CheckJson;
import jmergekit.report.CheckPage;
import jmergekit.report.CheckText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Reports what a recipe would do and the resources it would need.
@Command(
        name = "check",
        description =
                "Reports what a recipe would do and the resources it would need, without making "
                        + "a model.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class CheckCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "RECIPE",
            description = "The recipe, a YAML file: for a merge, for a mixture, or for several.")
    String recipe;

    @Option(
            names = {"-o", "--out-path"},
            paramLabel = "DIR",
            description =
                    "The folder the model would be written to; checks that it can be. Default: "
                            + "one on the disk of the working directory.")
    Optional<String> outPath = Optional.empty();

    @Option(
            names = "--overwrite",
            description =
                    "Accept a folder that already holds a model, as a run with --overwrite "
                            + "does.")
    boolean overwrite;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write the result as a single-file HTML page.")
    private Optional<String> html = Optional.empty();

    @Option(names = "--json", description = "Print the result as JSON instead of text.")
    private boolean json;

    @Option(
            names = "--quick",
            description =
                    "Read only the headers of weight files: no time estimate, no preview of "
                            + "interference.")
    boolean quick;

    @Option(
            names = "--loose",
            description =
                    "Read the recipe as 'mergekit pytorch' does: for loose tensors from any kind "
                            + "of model.")
    private boolean loose;

    @Option(
            names = {"-i", "--tensor-intersection"},
            description = "With --loose: merge the tensors that all models have.")
    private boolean intersection;

    @Option(
            names = {"-u", "--tensor-union"},
            description = "With --loose: merge the tensors of all models.")
    private boolean union;

    @Option(
            names = "--strict",
            description = "Treat warnings about the recipe and the models as errors.")
    boolean strict;

    @Option(
            names = "--expert-layout",
            paramLabel = "LAYOUT",
            converter = ExpertLayoutName.class,
            defaultValue = "base",
            description = "How the output stores experts: base (default), split or fused.")
    WantedExperts expertLayout;

    @Option(
            names = "--i-understand-this-is-not-useful-without-training",
            description = "Allow a mixture whose experts are all copies of one model.")
    boolean allowSameModel;

    @Mixin MergeOptions merging;
    @Mixin DeviceOptions devices;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    boolean quiet;

    private CheckCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        return SharedOptions.keeping(
                CommandSpec.forAnnotatedObject(new CheckCommand(console)),
                "merging",
                Set.of(
                        "--out-shard-size",
                        "--num-threads",
                        "--read-threads",
                        "--copy-tokenizer",
                        "--sync",
                        "--allow-crimes",
                        "--random-seed",
                        "--safe-serialization",
                        "--transformers-cache"));
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        merging.check(problems);
        devices.check(problems);
        checkLoose(problems);
        Optional<ResultFile> page =
                html.map(file -> new ResultFile(console.resolve(file), file, ResultFile.PAGE));
        page.ifPresent(file -> file.check(problems));
        List<Check> checks = new CheckRun(this, console, problems).checks();
        page.ifPresent(file -> file.write(CheckPage.html("Check of " + recipe, checks)));
        if (json) {
            console.out().println(CheckJson.of(checks));
        } else if (!quiet) {
            print(checks);
        }
        console.out().flush();
        return ExitCode.OK.status();
    }

    private void print(List<Check> checks) {
        for (Check check : checks) {
            if (check != checks.getFirst()) {
                console.out().println();
            }
            CheckText.of(check).forEach(console.out()::println);
        }
    }

    /// Which tensors are merged with --loose.
    Optional<TensorChoice> choice() {
        return loose
                ? Optional.of(
                        intersection
                                ? TensorChoice.COMMON
                                : union ? TensorChoice.ALL : TensorChoice.SAME)
                : Optional.empty();
    }

    private void checkLoose(Problems problems) {
        if (intersection && union) {
            problems.add(
                    Problem.usage(
                            "--tensor-intersection, --tensor-union",
                            "contradict each other; give only one of them"));
        }
        if ((intersection || union) && !loose) {
            problems.add(
                    Problem.usage(
                                    intersection ? "--tensor-intersection" : "--tensor-union",
                                    "only applies to loose tensors")
                            .hint("add --loose, or omit the option"));
        }
    }
}
