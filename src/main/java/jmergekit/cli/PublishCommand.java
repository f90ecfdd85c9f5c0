package jmergekit.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import jmergekit.MergePlan;
import jmergekit.Models;
import jmergekit.RunSettings;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Publishes a model whose shards were made by `part`.
@Command(
        name = "publish",
        description = "Checks the shards that mergekit part made and puts the model in place.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class PublishCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "PLAN", description = "The plan, from mergekit plan.")
    private String plan;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to publish the model to.")
    private String output;

    @Option(names = "--overwrite", description = "Replace a model already in the output folder.")
    private boolean overwrite;

    @Option(
            names = "--strict",
            description = "Refuse an output with more NaN or infinite values than its inputs.")
    private boolean strict;

    @Mixin private MergeOptions merging;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    private PublishCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        return SharedOptions.keeping(
                CommandSpec.forAnnotatedObject(new PublishCommand(console)),
                "merging",
                Set.of("--sync", "--transformers-cache"));
    }

    @Override
    public Integer call() {
        try (ConsoleListener listener = new ConsoleListener(console, quiet);
                Models models =
                        Models.open(
                                console.workingDirectory(),
                                merging.modelSettings(console, listener))) {
            MergePlan read = models.readPlan(console.resolve(plan), plan);
            read.warnings().forEach(listener::warning);
            boolean isNew =
                    read.publish(
                            console.output(output),
                            RunSettings.defaults()
                                    .overwrite(overwrite)
                                    .strict(strict)
                                    .sync(merging.sync)
                                    .listener(listener));
            listener.note(
                    "%s: %s, %s in %d shard(s)"
                            .formatted(
                                    output,
                                    isNew ? "published" : "the model of this plan already exists",
                                    ByteSize.text(read.bytes()),
                                    read.shards().size()));
            return ExitCode.OK.status();
        }
    }
}
