package jmergekit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import jmergekit.hub.FetchList;
import jmergekit.hub.Hub;
import jmergekit.linalg.Torch;
import jmergekit.lora.AdapterConfig;
import jmergekit.lora.ExtractionOptions;
import jmergekit.lora.ExtractionPlan;
import jmergekit.lora.ExtractionPlanner;
import jmergekit.lora.ExtractionResult;
import jmergekit.lora.ExtractionRun;
import jmergekit.lora.ExtractionText;
import jmergekit.lora.ModuleResult;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.output.AdapterCard;
import jmergekit.output.NumberReview;
import jmergekit.output.SideFiles;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.tensor.NameRanges;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Extracts what a fine-tune changed into a LoRA adapter.
@Command(
        name = "extract-lora",
        aliases = "mergekit-extract-lora",
        description = "Extracts what a fine-tune changed in its base model into a LoRA adapter.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ExtractCommand implements Callable<Integer> {
    private final Console console;

    @Spec private CommandSpec spec;

    @Mixin private ExtractPaths paths;
    @Mixin private ExtractOptions wanted;

    @Option(
            names = "--dry-run",
            description = "Check everything and print what would become of each module.")
    private boolean dryRun;

    @Option(
            names = "--overwrite",
            description =
                    "Replace the adapter or model that the output folder holds, if it holds one.")
    private boolean overwrite;

    @Mixin private MergeOptions options;
    @Mixin private DeviceOptions devices;
    @Mixin private OutputOptions says;

    ExtractCommand(Console console) {
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
        ExtractionPlan plan = plan(hub, downloads);
        if (dryRun) {
            console.out().print(ExtractionText.of(plan, downloads.bytes()));
            console.out().flush();
            return ExitCode.OK.status();
        }
        if (says.verbose.length > 0 && !says.quiet) {
            console.info(ExtractionText.summary(plan, downloads.bytes()).stripTrailing());
        }
        Torch.load();
        downloads.run();
        NumberReview numbers = new NumberReview(false);
        ExtractionResult result = extract(plan, numbers);
        numbers.warnings().forEach(console::report);
        warnOfRoughModules(result);
        warnOfLost(result);
        warnOfNoFactors(result);
        if (!says.quiet) {
            console.info(summary(result, System.nanoTime() - start));
        }
        return ExitCode.OK.status();
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private ExtractionPlan plan(Hub hub, FetchList downloads) {
        Problems problems = new Problems();
        paths.read(problems);
        options.check(problems);
        devices.ignored("extraction").ifPresent(problems::add);
        ExtractionOptions how = wanted.read(options, problems);
        if (!dryRun) {
            place().tidy().forEach(this::note);
            place().check(console.workingDirectory(), problems);
        }
        Optional<ModelFolder> tuned = open(hub, "--model", paths.model(), problems);
        Optional<ModelFolder> base = open(hub, "--base-model", paths.base(), problems);
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
            // Factors are written twice: their ranks are known only at the end.
            place().check(inputs, 2 * plan.mostBytes(), problems);
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }

    private Optional<ModelFolder> open(Hub hub, String option, String text, Problems problems) {
        try {
            ModelReference reference =
                    ModelReference.parse(text, path -> Files.exists(console.resolve(path)));
            ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
            return ModelFolder.open(reference, models, problems);
        } catch (MergeException e) {
            e.problems().forEach(p -> problems.add(Problem.usage(option, p.toString())));
            return Optional.empty();
        }
    }

    private Path target() {
        return console.resolve(paths.output());
    }

    private OutputPlace place() {
        return OutputPlace.of(target(), overwrite, options.sync);
    }

    private ExtractionResult extract(ExtractionPlan plan, NumberReview numbers) {
        OutputFolder folder = OutputFolder.create(place());
        ExtractionResult result;
        try (ProgressDisplay progress =
                ProgressDisplay.extracting(
                        plan.factors(), plan.bytesToRead(), says.quiet, console)) {
            result =
                    new ExtractionRun(plan, options.threads(), progress)
                            .write(folder, copied(plan), this::files, numbers);
        }
        folder.notes().forEach(this::note);
        return result;
    }

    private void note(String text) {
        console.report(Problem.output(paths.output(), text).asWarning());
    }

    private List<OutputFile> copied(ExtractionPlan plan) {
        return options.copyTokenizer
                ? SideFiles.tokenizer(plan.model().folder()).stream()
                        .map(f -> (OutputFile) new OutputFile.Copy(f.name(), f.source()))
                        .toList()
                : List.of();
    }

    private List<OutputFile> files(ExtractionResult result) {
        List<OutputFile> files = new ArrayList<>();
        if (options.writeModelCard) {
            String title = target().getFileName().toString();
            files.add(
                    new OutputFile.Text(
                            "README.md", AdapterCard.text(result, title, commandLine())));
        }
        String config = ConfigJson.write(AdapterConfig.json(result));
        files.add(new OutputFile.Text("adapter_config.json", config));
        return files;
    }

    private String commandLine() {
        // After the name of the command, which the launcher may have given.
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        boolean named = !given.isEmpty() && Commands.name(given.getFirst()).equals("extract-lora");
        List<String> all = new ArrayList<>(List.of("mergekit-extract-lora"));
        all.addAll(named ? given.subList(1, given.size()) : given);
        return AdapterCard.command(all);
    }

    private void warnOfRoughModules(ExtractionResult result) {
        for (ModuleResult module : result.modules()) {
            if (!module.converged()) {
                console.report(
                        Problem.input(
                                        module.module(),
                                        "its factors may be more than 0.1 % worse than the best")
                                .asWarning());
            }
        }
    }

    private void warnOfLost(ExtractionResult result) {
        if (!result.lost().isEmpty()) {
            String first = result.lost().getFirst();
            String module = first.substring(0, Math.max(0, first.lastIndexOf('.')));
            console.report(
                    Problem.input(
                                    paths.output(),
                                    "an adapter has no place for %d changed tensors, whose values stay the base model's: %s"
                                            .formatted(
                                                    result.lost().size(),
                                                    String.join(
                                                            ", ", NameRanges.of(result.lost()))))
                            .hint(
                                    module.isEmpty()
                                            ? "merge the models instead where they matter"
                                            : "--save-module %s keeps the whole module"
                                                    .formatted(module))
                            .asWarning());
        }
    }

    private void warnOfNoFactors(ExtractionResult result) {
        if (result.stored().isEmpty()) {
            console.report(
                    Problem.input(
                                    paths.output(),
                                    "no module has factors, and PEFT loads no adapter without any")
                            .hint("check that the fine-tune differs from the base model")
                            .asWarning());
        }
    }

    private String summary(ExtractionResult result, long nanos) {
        int unchanged = result.modules().size() - result.stored().size();
        return "%s: %d modules as factors of rank up to %d, %d whole, %d left out, %s in %.1f s; error %.2f %%"
                .formatted(
                        paths.output(),
                        result.stored().size(),
                        result.largestRank(),
                        result.whole().size(),
                        unchanged + result.plan().leftOut().size() + result.lost().size(),
                        ByteSize.text(result.bytes()),
                        nanos / 1e9,
                        100 * result.relativeError());
    }
}
