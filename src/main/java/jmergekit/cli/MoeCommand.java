package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import jmergekit.card.MixtureFiles;
import jmergekit.card.SideFiles;
import jmergekit.config.MixtureConfig;
import jmergekit.config.MixtureReader;
import jmergekit.engine.MergeRun;
import jmergekit.engine.OutputFile;
import jmergekit.engine.OutputFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.hub.FetchList;
import jmergekit.model.hub.Hub;
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

    @Mixin private RunOptions run;
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
        try (Hub hub = options.hub(console, says.quiet)) {
            return make(hub);
        }
    }

    private int make(Hub hub) {
        long start = System.nanoTime();
        FetchList downloads = hub.fetchList();
        MixturePlan plan = plan(hub, downloads);
        if (run.dryRun) {
            RunOptions.print(MixtureText.of(plan), downloads, console);
            return ExitCode.OK.status();
        }
        if (says.verbose.length > 0 && !says.quiet) {
            console.info(MixtureText.summary(plan).stripTrailing());
        }
        downloads.run();
        Path target = console.resolve(output);
        MixturePlan complete = plan.withGates();
        try (ProgressDisplay progress = ProgressDisplay.of(complete, says.quiet, console)) {
            new MergeRun(complete, options.threads(), progress)
                    .write(OutputFolder.create(target), files(plan, target));
        }
        if (!says.quiet) {
            console.info(summary(plan, System.nanoTime() - start));
        }
        return ExitCode.OK.status();
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private MixturePlan plan(Hub hub, FetchList downloads) {
        Problems problems = new Problems();
        options.check(problems);
        Path target = console.resolve(output);
        run.check(target, problems);
        Optional<MixtureConfig> config =
                new MixtureReader(console.workingDirectory())
                        .read(console.resolve(recipe), recipe, problems);
        if (config.isEmpty()) {
            problems.throwIfErrors();
        }
        PlanOptions planOptions = options.plan(new ModelLocator(console.workingDirectory(), hub));
        MixturePlan plan =
                new MixturePlanner(config.orElseThrow(), planOptions, allowSameModel, problems)
                        .plan();
        Predicate<String> files = SideFiles.wanted(plan.base().folder(), options.copyTokenizer);
        run.check(plan, plan.base(), files, target, downloads, problems);
        run.settle(problems, console);
        return plan;
    }

    private List<OutputFile> files(MixturePlan plan, Path target) {
        String title = target.getFileName().toString();
        return new MixtureFiles(
                        plan,
                        options.copyTokenizer,
                        Optional.of(title).filter(_ -> options.writeModelCard))
                .list();
    }

    private String summary(MixturePlan plan, long nanos) {
        return "%s: a mixture of the family '%s', %d tensors, %s in %.1f s"
                .formatted(
                        output,
                        plan.family(),
                        plan.tasks().size(),
                        ByteSize.text(plan.outputBytes()),
                        nanos / 1e9);
    }
}
