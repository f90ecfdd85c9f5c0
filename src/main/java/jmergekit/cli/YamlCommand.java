package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.card.MergedAdapterFiles;
import jmergekit.card.OutputFiles;
import jmergekit.card.SideFiles;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.engine.MergeRun;
import jmergekit.engine.OutputFile;
import jmergekit.engine.OutputFolder;
import jmergekit.lora.AdapterInput;
import jmergekit.lora.AdapterMergePlan;
import jmergekit.lora.AdapterMergePlanner;
import jmergekit.lora.AdapterMergeRun;
import jmergekit.lora.AdapterMergeText;
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
import jmergekit.problem.MergeException;
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

    // Everything that can be wrong is found and shown before a tensor is read.
    private int run(Hub hub) {
        long start = System.nanoTime();
        Problems problems = new Problems();
        options.check(problems);
        if (!dryRun) {
            OutputFolder.check(console.resolve(output), overwrite, problems);
        }
        MergeConfig config =
                new RecipeReader(console.workingDirectory())
                        .read(console.resolve(recipe), recipe, problems)
                        .orElseThrow(() -> new MergeException(problems.all()));
        ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
        FetchList downloads = hub.fetchList();
        Optional<List<AdapterInput>> adapters = AdapterInput.of(config, models, problems);
        String summary =
                adapters.isPresent()
                        ? mergeAdapters(config, adapters.get(), downloads, problems)
                        : mergeModels(config, models, downloads, problems);
        if (!dryRun && !says.quiet) {
            double seconds = (System.nanoTime() - start) / 1e9;
            console.info("%s: %s in %.1f s".formatted(output, summary, seconds));
        }
        return ExitCode.OK.status();
    }

    private String mergeModels(
            MergeConfig config, ModelLocator models, FetchList downloads, Problems problems) {
        PlanOptions planning =
                new PlanOptions(
                        models, options.allowCrimes, options.shardBytes, options.randomSeed);
        MergePlan plan = new Planner(config, planning, problems).plan();
        Path donor = plan.donorModel().folder();
        downloads.add(plan.inputFiles());
        downloads.add(donor, SideFiles.wanted(donor, options.copyTokenizer));
        warnOfIdleTemplate(plan, problems);
        List<Path> inputs = plan.models().stream().flatMap(m -> m.folders().stream()).toList();
        checkOutput(inputs, plan.outputBytes(), downloads, problems);
        if (dryRun) {
            print(downloads, PlanText.of(plan, MergeRun.threads(plan, options.threads())));
        } else {
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
        }
        return Tally.of(plan) + ", " + ByteSize.text(plan.outputBytes());
    }

    private String mergeAdapters(
            MergeConfig config, List<AdapterInput> inputs, FetchList downloads, Problems problems) {
        AdapterMergePlan plan = new AdapterMergePlanner(config, inputs, problems).plan();
        downloads.add(plan.inputFiles());
        List<Path> folders = inputs.stream().map(i -> i.adapter().folder()).toList();
        checkOutput(folders, plan.outputBytes(), downloads, problems);
        if (dryRun) {
            print(downloads, AdapterMergeText.of(plan));
        } else {
            downloads.run();
            Path target = console.resolve(output);
            Optional<String> card =
                    Optional.of(target.getFileName().toString())
                            .filter(_ -> options.writeModelCard);
            new AdapterMergeRun(plan, options.threads())
                    .write(OutputFolder.create(target), new MergedAdapterFiles(plan, card).list());
        }
        return "an adapter of rank %d, %d tensors, %s"
                .formatted(plan.rank(), plan.tensors().size(), ByteSize.text(plan.outputBytes()));
    }

    private void checkOutput(
            List<Path> inputs, long bytes, FetchList downloads, Problems problems) {
        if (!dryRun) {
            downloads.check(problems);
            OutputFolder.check(console.resolve(output), inputs, bytes, problems);
        }
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
    }

    private void print(FetchList downloads, String plan) {
        if (!downloads.isEmpty()) {
            console.out()
                    .println(
                            "downloads %s in %d file(s)"
                                    .formatted(
                                            ByteSize.text(downloads.bytes()), downloads.files()));
        }
        console.out().print(plan);
        console.out().flush();
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
}
