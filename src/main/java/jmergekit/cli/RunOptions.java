package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.MergeRun;
import jmergekit.hub.FetchList;
import jmergekit.hub.Hub;
import jmergekit.model.ModelLocator;
import jmergekit.output.CopiedJson;
import jmergekit.output.SideFiles;
import jmergekit.plan.RunPlan;
import jmergekit.planner.PlanOptions;
import jmergekit.primitive.Executor;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line of the commands that make a model as a recipe says, and what they do with it.
final class RunOptions {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private String recipe;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
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
    @Mixin private DeviceOptions devices;
    @Mixin private OutputOptions says;

    /// Whether the tokenizer's files go into the output.
    boolean copyTokenizer() {
        return options.copyTokenizer;
    }

    /// Whether nothing but warnings and errors is said.
    boolean quiet() {
        return says.quiet;
    }

    /// What the steps of a run share.
    private record Run(
            ModelLocator models,
            FetchList downloads,
            Problems problems,
            OpenedDevice device,
            Console console) {

        Executor executor() {
            return device.choice().executor();
        }
    }

    /// Checks, plans, downloads and writes.
    ///
    /// @return the exit code
    <C, P extends RunPlan> int make(ModelMaker<C, P> maker, Console console) {
        long start = System.nanoTime();
        Problems problems = new Problems();
        options.check(problems);
        devices.check(problems);
        try (Hub hub = options.hub(console, says.quiet);
                OpenedDevice device = new OpenedDevice(devices)) {
            if (!dryRun) {
                place(console).tidy().forEach(note -> note(note, console));
                place(console).check(console.workingDirectory(), problems);
            }
            ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
            Run run = new Run(models, hub.fetchList(), problems, device, console);
            Optional<C> config = maker.read(console.resolve(recipe), recipe, problems);
            if (config.isEmpty()) {
                throw device.with(new MergeException(problems.all()));
            }
            Optional<OtherOutput> other = maker.other(config.get(), models, problems);
            String made =
                    other.isPresent()
                            ? makeOther(other.get(), run)
                            : makeModel(maker, config.get(), run);
            if (!dryRun && !says.quiet) {
                double seconds = (System.nanoTime() - start) / 1e9;
                console.info("%s: %s in %.1f s".formatted(output, made, seconds));
            }
            return ExitCode.OK.status();
        }
    }

    private String makeOther(OtherOutput other, Run run) {
        run.downloads.add(other.inputFiles());
        check(other.inputs(), other.outputBytes(), run);
        if (dryRun) {
            print(other.text(), run);
        } else {
            run.downloads.run();
            Optional<String> card = card(run.console.resolve(output));
            OutputFolder folder = OutputFolder.create(place(run.console));
            NumberReview numbers = new NumberReview(strict);
            other.write(folder, options.threads(), card, numbers);
            report(folder, run);
            numbers.report(run.console);
        }
        return other.made() + ", " + ByteSize.text(other.outputBytes());
    }

    private <C, P extends RunPlan> String makeModel(ModelMaker<C, P> maker, C config, Run run) {
        PlanOptions planning =
                new PlanOptions(
                        dryRun ? run.models.withoutWeights() : run.models,
                        options.allowCrimes,
                        options.shardBytes,
                        options.randomSeed);
        P plan;
        try {
            plan = maker.plan(config, planning, run.problems);
        } catch (MergeException e) {
            throw run.device.with(e);
        }
        run.downloads.add(plan.inputFiles());
        maker.copied(plan)
                .forEach((folder, wanted) -> {
                    run.downloads.add(folder, wanted);
                    SideFiles.check(folder, wanted, run.problems);
                });
        CopiedJson.check(maker.files(plan, Optional.empty()), run.problems);
        check(maker.inputs(plan), plan.outputBytes(), run);
        if (!says.quiet) {
            run.device.choice().reason().ifPresent(run.console::info);
        }
        int threads = MergeRun.threads(plan, options.threads(), run.executor());
        if (dryRun) {
            print(maker.text(plan, threads), run);
        } else {
            if (isVerbose()) {
                run.console.info(maker.summary(plan, threads).stripTrailing());
            }
            run.downloads.run();
            write(maker, plan, run);
        }
        return maker.made(plan) + ", " + ByteSize.text(plan.outputBytes());
    }

    /// Whether more is said than what usually matters.
    boolean isVerbose() {
        return says.verbose.length > 0 && !says.quiet;
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private void check(List<Path> inputs, long bytes, Run run) {
        Problems problems = run.problems;
        run.device.choice().problem().ifPresent(problems::add);
        if (!dryRun) {
            run.downloads.check(problems);
            List<Path> read = new ArrayList<>(inputs);
            read.add(run.console.resolve(recipe));
            place(run.console).check(read, bytes, problems);
        }
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(run.console::report);
    }

    private OutputPlace place(Console console) {
        return OutputPlace.of(console.resolve(output), overwrite, options.sync);
    }

    // Also in a quiet run: files are where a user does not expect them.
    private void note(String text, Console console) {
        console.report(Problem.output(output, text).asWarning());
    }

    private void report(OutputFolder folder, Run run) {
        folder.notes().forEach(note -> note(note, run.console));
    }

    private Optional<String> card(Path target) {
        return Optional.of(target.getFileName().toString()).filter(_ -> options.writeModelCard);
    }

    private static void print(String plan, Run run) {
        FetchList downloads = run.downloads;
        PrintWriter out = run.console.out();
        if (!downloads.isEmpty()) {
            out.println(
                    "downloads %s in %d file(s)"
                            .formatted(ByteSize.text(downloads.bytes()), downloads.files()));
        }
        out.print(plan);
        out.flush();
    }

    private <P extends RunPlan> void write(ModelMaker<?, P> maker, P plan, Run run) {
        P ready = maker.ready(plan);
        List<OutputFile> files = maker.files(ready, card(run.console.resolve(output)));
        OutputFolder folder = OutputFolder.create(place(run.console));
        NumberReview numbers = new NumberReview(strict);
        try (ProgressDisplay progress =
                ProgressDisplay.merging(
                        ready.tasks().size(), ready.outputBytes(), says.quiet, run.console)) {
            new MergeRun(ready, options.threads(), run.executor(), progress)
                    .write(folder, files, numbers);
        }
        report(folder, run);
        numbers.report(run.console);
        if (isVerbose()) {
            run.executor().report().forEach(run.console::info);
        }
    }
}
