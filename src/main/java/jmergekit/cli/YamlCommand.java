package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.card.OutputFiles;
import jmergekit.card.SideFiles;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.engine.MergeRun;
import jmergekit.engine.OutputFile;
import jmergekit.engine.OutputFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.hub.FetchList;
import jmergekit.model.hub.Hub;
import jmergekit.plan.MergePlan;
import jmergekit.plan.PlanOptions;
import jmergekit.plan.PlanText;
import jmergekit.plan.Planner;
import jmergekit.plan.Tally;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Merges models as a recipe says.
@Command(
        name = "yaml",
        aliases = "mergekit-yaml",
        description = "Merges models as a YAML recipe says.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class YamlCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private String recipe;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to write the merged model to.")
    private String output;

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
    @Mixin private OutputOptions says;

    YamlCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Hub hub = options.hub(console, says.quiet)) {
            return run(hub);
        }
    }

    private int run(Hub hub) {
        long start = System.nanoTime();
        FetchList downloads = hub.fetchList();
        MergePlan plan = plan(hub, downloads);
        if (dryRun) {
            if (!downloads.isEmpty()) {
                console.out()
                        .println(
                                "downloads %s in %d file(s)"
                                        .formatted(
                                                ByteSize.text(downloads.bytes()),
                                                downloads.files()));
            }
            console.out().print(PlanText.of(plan, MergeRun.threads(plan, options.threads())));
            console.out().flush();
            return ExitCode.OK.status();
        }
        if (says.verbose.length > 0 && !says.quiet) {
            console.info(
                    PlanText.summary(plan, MergeRun.threads(plan, options.threads()))
                            .stripTrailing());
        }
        downloads.run();
        Path target = console.resolve(output);
        List<OutputFile> files = files(plan, target);
        try (ProgressDisplay progress = ProgressDisplay.of(plan, says.quiet, console)) {
            new MergeRun(plan, options.threads(), progress)
                    .write(OutputFolder.create(target), files);
        }
        if (!says.quiet) {
            console.info(summary(plan, System.nanoTime() - start));
        }
        return ExitCode.OK.status();
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private MergePlan plan(Hub hub, FetchList downloads) {
        Problems problems = new Problems();
        options.check(problems);
        if (!dryRun) {
            OutputFolder.check(console.resolve(output), overwrite, problems);
        }
        Optional<MergeConfig> config =
                new RecipeReader(console.workingDirectory())
                        .read(console.resolve(recipe), recipe, problems);
        if (config.isEmpty()) {
            problems.throwIfErrors();
        }
        MergePlan plan =
                new Planner(
                                config.orElseThrow(),
                                new PlanOptions(
                                        new ModelLocator(console.workingDirectory(), hub),
                                        options.allowCrimes,
                                        options.shardBytes,
                                        options.randomSeed),
                                problems)
                        .plan();
        downloads.add(plan.inputFiles());
        Path donor = plan.donorModel().folder();
        downloads.add(donor, SideFiles.wanted(donor, options.copyTokenizer));
        if (!dryRun) {
            downloads.check(problems);
            List<Path> inputs = plan.models().stream().flatMap(m -> m.folders().stream()).toList();
            OutputFolder.check(console.resolve(output), inputs, plan.outputBytes(), problems);
        }
        warnOfIdleTemplate(plan, problems);
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }

    private void warnOfIdleTemplate(MergePlan plan, Problems problems) {
        boolean alone = plan.tokenizer().filter(t -> t.merged().isEmpty()).isPresent();
        if (alone && !options.copyTokenizer) {
            problems.add(
                    Problem.recipe(
                                    plan.config().chatTemplate().orElseThrow().at(),
                                    "no chat template is written with --no-copy-tokenizer")
                            .asWarning());
        }
    }

    private List<OutputFile> files(MergePlan plan, Path target) {
        String title = target.getFileName().toString();
        return new OutputFiles(
                        plan,
                        options.copyTokenizer,
                        Optional.of(title).filter(_ -> options.writeModelCard))
                .list();
    }

    private String summary(MergePlan plan, long nanos) {
        double seconds = nanos / 1e9;
        return "%s: %s, %s in %.1f s"
                .formatted(output, Tally.of(plan), ByteSize.text(plan.outputBytes()), seconds);
    }
}
