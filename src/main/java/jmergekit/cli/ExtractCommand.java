package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import jmergekit.cpu.CpuExecutor;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.PlanRun;
import jmergekit.engine.RunThreads;
import jmergekit.hub.FetchList;
import jmergekit.linalg.Torch;
import jmergekit.lora.Extraction;
import jmergekit.lora.ExtractionListing;
import jmergekit.lora.ExtractionOptions;
import jmergekit.lora.ExtractionPlan;
import jmergekit.lora.ExtractionPlanner;
import jmergekit.lora.ExtractionResult;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.model.ModelSources;
import jmergekit.output.AdapterCard;
import jmergekit.output.ExtractedAdapter;
import jmergekit.output.NumberReview;
import jmergekit.output.SideFiles;
import jmergekit.plan.PlanText;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Destination;
import jmergekit.publish.Destinations;
import jmergekit.publish.OutputFolder;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Extracts a LoRA adapter from a fine-tuned model.
@Command(
        name = "extract-lora",
        aliases = "mergekit-extract-lora",
        description =
                "Extracts a LoRA adapter from the difference between a fine-tuned model "
                        + "and its base model.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ExtractCommand implements Callable<Integer> {
    private static final String FACTORS = ".factors";

    private final Console console;

    @Spec private CommandSpec spec;

    @Mixin private ExtractPaths paths;
    @Mixin private ExtractOptions wanted;

    @Option(
            names = "--dry-run",
            description = "Check everything and print how each module would be handled.")
    private boolean dryRun;

    @Option(
            names = "--overwrite",
            description = "Replace an adapter or model already in the output folder.")
    private boolean overwrite;

    @Mixin private MergeOptions options;
    @Mixin private DeviceOptions devices;
    @Mixin private OutputOptions says;

    ExtractCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        paths.read(problems);
        try (ModelSources sources = options.sources(console, says.quiet);
                Destination destination =
                        sources.stores()
                                .destinations()
                                .of(paths.output(), this::target, overwrite, options.sync)) {
            return run(sources, destination, problems);
        }
    }

    private int run(ModelSources sources, Destination destination, Problems problems) {
        long start = System.nanoTime();
        FetchList downloads = sources.hub().fetchList();
        ExtractionPlan plan = plan(sources, destination, downloads, problems);
        if (dryRun) {
            console.out()
                    .print(
                            PlanText.of(
                                    ExtractionListing.of(
                                            plan, options.sharding(), downloads.bytes())));
            console.out().flush();
            return ExitCode.OK.status();
        }
        if (says.verbose.length > 0 && !says.quiet) {
            console.info(
                    PlanText.summary(
                                    ExtractionListing.of(
                                            plan, options.sharding(), downloads.bytes()))
                            .stripTrailing());
        }
        Torch.load();
        downloads.run();
        NumberReview numbers = new NumberReview(false);
        ExtractionResult result = extract(plan, destination, numbers);
        numbers.warnings().forEach(console::report);
        ExtractionReport report = new ExtractionReport(result, paths.output());
        report.warnings().forEach(console::report);
        if (!says.quiet) {
            console.info(report.summary(System.nanoTime() - start));
        }
        return ExitCode.OK.status();
    }

    // Finds and reports every problem here, before any tensor is read.
    private ExtractionPlan plan(
            ModelSources sources, Destination destination, FetchList downloads, Problems problems) {
        options.check(problems);
        devices.ignored("extraction").ifPresent(problems::add);
        ExtractionOptions how = wanted.read(options, problems);
        if (!dryRun) {
            destination.place().tidy().forEach(this::note);
            destination.place().check(console.workingDirectory(), problems);
            destination.check(false, problems);
        }
        Optional<ModelFolder> tuned = open(sources, "--model", paths.model(), problems);
        Optional<ModelFolder> base = open(sources, "--base-model", paths.base(), problems);
        if (tuned.isEmpty() || base.isEmpty()) {
            problems.throwIfErrors();
        }
        ExtractionPlan plan =
                new ExtractionPlanner(tuned.orElseThrow(), base.orElseThrow(), how, problems)
                        .plan();
        downloads.add(plan.inputFiles());
        Path donor = plan.model().folder();
        Predicate<String> tokenizer = SideFiles.wanted(donor, true);
        Predicate<String> copied = path -> options.copyTokenizer && tokenizer.test(path);
        downloads.add(donor, copied);
        SideFiles.check(donor, copied, problems);
        if (!dryRun) {
            downloads.check(problems);
            List<Path> inputs = List.of(plan.model().folder(), plan.base().folder());
            // Factors are written twice, since their ranks are known only at the end.
            destination.check(inputs, 2 * plan.mostBytes(), problems);
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }

    private Optional<ModelFolder> open(
            ModelSources sources, String option, String text, Problems problems) {
        try {
            ModelReference reference = ModelReference.parse(text, console::has);
            ModelLocator models =
                    new ModelLocator(console.workingDirectory(), sources)
                            .refusing(problems.errors(ExitCode.RECIPE));
            return ModelFolder.open(reference, models, problems);
        } catch (MergeException e) {
            e.problems().forEach(p -> problems.add(Problem.usage(option, p.toString())));
            return Optional.empty();
        }
    }

    private Path target() {
        return console.resolve(paths.output());
    }

    private ExtractionResult extract(
            ExtractionPlan plan, Destination destination, NumberReview numbers) {
        try (OutputFolder folder = OutputFolder.create(destination.place())) {
            ExtractionResult result;
            try (ProgressDisplay progress =
                    ProgressDisplay.extracting(
                            plan.factors(), plan.bytesToRead(), says.quiet, console)) {
                Path scratch = folder.scratch(FACTORS);
                result = new Extraction(plan, options.threads(), progress).compute(scratch);
                write(result, destination, folder, numbers);
            }
            destination.deliver();
            folder.notes().forEach(this::note);
            return result;
        }
    }

    private void write(
            ExtractionResult result,
            Destination destination,
            OutputFolder folder,
            NumberReview numbers) {
        String title = Destinations.title(paths.output(), this::target);
        Optional<String> card =
                options.writeModelCard
                        ? Optional.of(AdapterCard.text(result, title, commandLine()))
                        : Optional.empty();
        BoundPlan plan =
                new ExtractedAdapter(result)
                        .plan(folder.partial(), options.sharding(), options.copyTokenizer, card);
        PlanRun tensors =
                new PlanRun(
                        plan,
                        MergeMethods.builtIn(),
                        RunThreads.of(options.threads()),
                        new CpuExecutor(TileOps.best()),
                        (_, _) -> {},
                        new Cancellation());
        destination.begin(FolderRun.record(plan), plan.plan().shards(), false);
        new FolderRun(plan, tensors).write(folder, numbers);
    }

    private void note(String text) {
        console.report(Problem.output(paths.output(), text).asWarning());
    }

    private String commandLine() {
        // Skips the command's name, which the launcher may have supplied.
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        boolean named = !given.isEmpty() && Commands.name(given.getFirst()).equals("extract-lora");
        List<String> all = new ArrayList<>(List.of("mergekit-extract-lora"));
        all.addAll(named ? given.subList(1, given.size()) : given);
        return AdapterCard.command(all);
    }
}
