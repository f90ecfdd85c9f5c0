package jmergekit.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import jmergekit.MergePlan;
import jmergekit.Models;
import jmergekit.RunSettings;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes some shards of a plan.
@Command(
        name = "part",
        description = "Makes some of the shards of a plan, on one of several machines.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class PartCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "PLAN", description = "The plan, from mergekit plan.")
    private String plan;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder where mergekit publish will put the model.")
    private String output;

    @Mixin private PartShards which;

    @Option(
            names = "--overwrite",
            description =
                    "Start even if the output folder already holds a model; publish will "
                            + "replace it.")
    private boolean overwrite;

    @Mixin private MergeOptions merging;
    @Mixin private DeviceOptions devices;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    private PartCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new PartCommand(console));
        SharedOptions.keeping(spec, "devices", Set.of("--device", "--cuda", "--multi-gpu"));
        return SharedOptions.keeping(
                spec,
                "merging",
                Set.of("--num-threads", "--read-threads", "--sync", "--transformers-cache"));
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        merging.check(problems);
        devices.check(problems);
        which.check(problems);
        problems.throwIfErrors();
        try (ConsoleListener listener = new ConsoleListener(console, quiet);
                Models models =
                        Models.open(
                                console.workingDirectory(),
                                merging.modelSettings(console, listener))) {
            MergePlan read = models.readPlan(console.resolve(plan), plan);
            read.warnings().forEach(listener::warning);
            make(read, listener);
            return ExitCode.OK.status();
        }
    }

    private void make(MergePlan read, ConsoleListener listener) {
        RunSettings settings =
                RunSettings.defaults()
                        .threads(merging.threads())
                        .readThreads(merging.runThreads().readers())
                        .device(devices.name())
                        .overwrite(overwrite)
                        .sync(merging.sync)
                        .listener(listener);
        List<Integer> shards = which.of(read);
        if (shards.isEmpty()) {
            listener.note(which.emptyText(read));
        }
        for (int shard : shards) {
            long start = System.nanoTime();
            boolean isNew = read.makePart(shard, console.output(output), settings);
            listener.close();
            String made =
                    isNew
                            ? "made in %.1f s".formatted((System.nanoTime() - start) / 1e9)
                            : "already exists";
            listener.note("%s %s".formatted(read.shards().get(shard), made));
        }
    }
}
