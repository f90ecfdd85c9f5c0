package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.card.MixtureFiles;
import jmergekit.config.MixtureConfig;
import jmergekit.config.MixtureReader;
import jmergekit.engine.MergeRun;
import jmergekit.engine.OutputFolder;
import jmergekit.model.ModelFolder;
import jmergekit.moe.MixturePlan;
import jmergekit.moe.MixturePlanner;
import jmergekit.moe.MixtureText;
import jmergekit.plan.PlanOptions;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a mixture of experts of dense models.
@Command(
        name = "moe",
        aliases = "mergekit-moe",
        description = "Makes a mixture of experts of dense models, as a YAML recipe says.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class MoeCommand implements Callable<Integer> {
    private static final String NOTHING =
            "Accepted for compatibility; does nothing here: hidden gates need one matrix at a time.";

    private final Console console;

    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private String recipe;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to write the mixture to.")
    private String output;

    @Option(
            names = "--i-understand-this-is-not-useful-without-training",
            description = "Allow a mixture whose experts are all the same model.")
    private boolean allowSameModel;

    @Option(
            names = "--dry-run",
            description = "Check everything and print the plan; write nothing.")
    private boolean dryRun;

    @Option(names = "--strict", description = "Treat warnings about the recipe as errors.")
    private boolean strict;

    @Option(
            names = "--overwrite",
            description = "Replace the model that the output folder holds, if it holds one.")
    private boolean overwrite;

    @Mixin private MergeOptions options;

    @Option(names = "--load-in-4bit", negatable = true, description = NOTHING)
    private boolean loadIn4Bit;

    @Option(names = "--load-in-8bit", negatable = true, description = NOTHING)
    private boolean loadIn8Bit;

    @Mixin private OutputOptions says;

    MoeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        MixturePlan plan = plan();
        if (dryRun) {
            console.out().print(MixtureText.of(plan));
            console.out().flush();
            return ExitCode.OK.status();
        }
        if (says.verbose.length > 0 && !says.quiet) {
            console.info(MixtureText.summary(plan).stripTrailing());
        }
        Path target = console.resolve(output);
        Optional<String> card =
                Optional.of(target.getFileName().toString()).filter(_ -> options.writeModelCard);
        MixturePlan complete = plan.withGates();
        try (ProgressDisplay progress = ProgressDisplay.of(complete, says.quiet, console)) {
            new MergeRun(complete, options.threads(), progress)
                    .write(
                            OutputFolder.create(target),
                            new MixtureFiles(plan, options.copyTokenizer, card).list());
        }
        if (!says.quiet) {
            double seconds = (System.nanoTime() - start) / 1e9;
            console.info(
                    "%s: a '%s' of %d tensors, %s in %.1f s"
                            .formatted(
                                    output,
                                    plan.family(),
                                    plan.tasks().size(),
                                    ByteSize.text(plan.outputBytes()),
                                    seconds));
        }
        return ExitCode.OK.status();
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private MixturePlan plan() {
        Problems problems = new Problems();
        options.check(problems);
        Path target = console.resolve(output);
        if (!dryRun) {
            OutputFolder.check(target, overwrite, problems);
        }
        Optional<MixtureConfig> config =
                new MixtureReader(console.workingDirectory())
                        .read(console.resolve(recipe), recipe, problems);
        if (config.isEmpty()) {
            problems.throwIfErrors();
        }
        PlanOptions planOptions =
                new PlanOptions(
                        console.workingDirectory(),
                        options.allowCrimes,
                        options.shardBytes,
                        options.randomSeed);
        MixturePlan plan =
                new MixturePlanner(config.orElseThrow(), planOptions, allowSameModel, problems)
                        .plan();
        if (!dryRun) {
            List<Path> inputs = plan.models().stream().map(ModelFolder::folder).toList();
            OutputFolder.check(target, inputs, plan.outputBytes(), problems);
        }
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }
}
