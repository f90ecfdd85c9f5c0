package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.PlanRun;
import jmergekit.hub.FetchList;
import jmergekit.hub.Hub;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.output.CopiedJson;
import jmergekit.output.NumberReview;
import jmergekit.output.PlannedOutput;
import jmergekit.output.SideFiles;
import jmergekit.plan.PlanText;
import jmergekit.plan.TensorTask;
import jmergekit.planner.PlanOptions;
import jmergekit.primitive.Executor;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartialOutput;
import jmergekit.publish.RunRecord;
import jmergekit.threads.Cancellation;
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

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = PlanFormat.Name.class,
            defaultValue = "text",
            description =
                    "How --dry-run prints the plan: text, or json, the plan as data. Default:"
                            + " ${DEFAULT-VALUE}.")
    private PlanFormat format;

    @Option(names = "--strict", description = "Treat warnings about the recipe as errors.")
    private boolean strict;

    @Option(
            names = "--overwrite",
            description = "Replace the model that the output folder holds, if it holds one.")
    private boolean overwrite;

    @Option(
            names = "--resume",
            description =
                    "Go on from the finished shards of a run of the same plan that was stopped.")
    private boolean resume;

    @Mixin private MergeOptions options;
    @Mixin private DeviceOptions devices;
    @Mixin private OutputOptions says;

    /// Whether the tokenizer's files go into the output.
    boolean copyTokenizer() {
        return options.copyTokenizer;
    }

    /// What the steps of a run share.
    private record Run(
            FetchList downloads, Problems problems, OpenedDevice device, Console console) {
        Executor executor() {
            return device.choice().executor();
        }
    }

    /// Checks, plans, downloads and writes.
    ///
    /// @return the exit code
    int make(RecipeCommand command, Console console) {
        long start = System.nanoTime();
        Problems problems = new Problems();
        options.check(problems);
        devices.check(problems);
        format.check(dryRun, problems);
        try (Hub hub = options.hub(console, says.quiet);
                OpenedDevice device = new OpenedDevice(devices)) {
            if (!dryRun) {
                place(console).tidy().forEach(note -> note(note, console));
                place(console).check(console.workingDirectory(), problems);
            }
            Run run = new Run(hub.fetchList(), problems, device, console);
            PlannedOutput planned = plan(command, hub, run);
            BoundPlan plan = checked(planned, run);
            carryOut(planned, plan, run);
            if (!dryRun && !says.quiet) {
                double seconds = (System.nanoTime() - start) / 1e9;
                console.info(
                        "%s: %s, %s in %.1f s"
                                .formatted(
                                        output,
                                        planned.made(),
                                        ByteSize.text(plan.plan().outputBytes()),
                                        seconds));
            }
            return ExitCode.OK.status();
        }
    }

    private PlannedOutput plan(RecipeCommand command, Hub hub, Run run) {
        ModelLocator models = new ModelLocator(run.console.workingDirectory(), hub);
        PlanOptions planning =
                new PlanOptions(
                        dryRun ? models.withoutWeights() : models,
                        options.allowCrimes,
                        options.shardBytes,
                        options.randomSeed);
        try {
            return command.plan(run.console.resolve(recipe), recipe, planning, run.problems);
        } catch (MergeException e) {
            throw run.device.with(e);
        }
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private BoundPlan checked(PlannedOutput planned, Run run) {
        Problems problems = run.problems;
        planned.copied().forEach((folder, wanted) -> SideFiles.check(folder, wanted, problems));
        problems.throwIfErrors();
        BoundPlan plan = planned.plan(run.downloads::missing, card(run.console.resolve(output)));
        run.downloads.add(plan.weightFiles());
        planned.copied().forEach(run.downloads::add);
        CopiedJson.check(plan, problems);
        run.device.choice().problem().ifPresent(problems::add);
        if (!dryRun) {
            run.downloads.check(problems);
            List<Path> read = new ArrayList<>(planned.inputs());
            read.add(run.console.resolve(recipe));
            place(run.console).check(read, plan.plan().outputBytes(), problems);
        }
        if (!dryRun || resume) {
            resumable(plan, run);
        }
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(run.console::report);
        return plan;
    }

    private void resumable(BoundPlan plan, Run run) {
        PartialOutput earlier = place(run.console).partialOutput();
        // What is not there yet, or computed later, is compared when the folder is taken over.
        boolean known = run.downloads.isEmpty() && plan.plan().missing().isEmpty();
        if (earlier.exists() && known && !run.problems.hasErrors()) {
            RunRecord record = FolderRun.record(plan);
            earlier.problem(record, resume).ifPresent(run.problems::add);
            // Also in a quiet run: something of value goes away.
            if (!resume && !dryRun) {
                earlier.text(record).ifPresent(text -> note(text, run.console));
            }
        }
    }

    private void carryOut(PlannedOutput planned, BoundPlan plan, Run run) {
        if (!says.quiet) {
            run.device.choice().reason().ifPresent(run.console::info);
        }
        int threads = PlanRun.threads(plan.plan(), options.threads(), run.executor());
        if (dryRun) {
            format.print(plan.plan(), threads, isVerbose(), run.downloads, run.console.out());
            return;
        }
        if (isVerbose()) {
            run.console.info(PlanText.summary(plan.plan(), threads).stripTrailing());
        }
        run.downloads.run();
        if (!says.quiet) {
            planned.announcement().ifPresent(run.console::info);
        }
        write(plan.computed(), run);
    }

    private void write(BoundPlan plan, Run run) {
        OutputFolder folder =
                OutputFolder.create(place(run.console), FolderRun.record(plan), resume);
        folder.notes().forEach(note -> note(note, run.console));
        NumberReview numbers = new NumberReview(strict);
        List<TensorTask> left = FolderRun.left(plan.plan(), folder);
        try (ProgressDisplay progress =
                ProgressDisplay.merging(
                        left.size(),
                        left.stream().mapToLong(t -> t.output().bytes()).sum(),
                        says.quiet,
                        run.console)) {
            PlanRun tensors =
                    new PlanRun(
                            plan,
                            MergeMethods.builtIn(),
                            options.threads(),
                            run.executor(),
                            progress,
                            new Cancellation());
            new FolderRun(plan, tensors).write(folder, numbers);
        }
        folder.notes().forEach(note -> note(note, run.console));
        numbers.warnings().forEach(run.console::report);
        if (isVerbose()) {
            run.executor().report().forEach(run.console::info);
        }
    }

    private boolean isVerbose() {
        return says.verbose.length > 0 && !says.quiet;
    }

    private OutputPlace place(Console console) {
        return OutputPlace.of(console.resolve(output), overwrite, options.sync);
    }

    // Also in a quiet run: files are where a user does not expect them.
    private void note(String text, Console console) {
        console.report(Problem.output(output, text).asWarning());
    }

    private Optional<String> card(Path target) {
        return Optional.of(target.getFileName().toString()).filter(_ -> options.writeModelCard);
    }
}
