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
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartialOutput;
import jmergekit.publish.RunRecord;
import jmergekit.threads.Cancellation;

/// From a command to its output folder, or to what `--dry-run` prints.
final class OutputRun {
    private final RunOptions options;
    private final Hub hub;
    private final OpenedDevice device;
    private final Console console;
    private final Problems problems;
    private final FetchList downloads;

    /// @param problems with what is wrong with the options
    OutputRun(
            RunOptions options, Hub hub, OpenedDevice device, Console console, Problems problems) {
        this.options = options;
        this.hub = hub;
        this.device = device;
        this.console = console;
        this.problems = problems;
        this.downloads = hub.fetchList();
    }

    /// Checks, plans, downloads and writes.
    void make(PlannedCommand command) {
        long start = System.nanoTime();
        String output = command.output();
        if (!options.dryRun) {
            place(output).tidy().forEach(note -> note(output, note));
            place(output).check(console.workingDirectory(), problems);
        }
        PlannedOutput planned = plan(command);
        BoundPlan plan = checked(planned, command);
        command.settled();
        carryOut(planned, plan, command);
        if (!options.dryRun && !options.says.quiet) {
            double seconds = (System.nanoTime() - start) / 1e9;
            console.info(
                    "%s: %s, %s in %.1f s"
                            .formatted(
                                    output,
                                    planned.made(),
                                    ByteSize.text(plan.plan().outputBytes()),
                                    seconds));
        }
    }

    private PlannedOutput plan(PlannedCommand command) {
        ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
        PlanOptions planning =
                new PlanOptions(
                        options.dryRun ? models.withoutWeights() : models,
                        options.merging.allowCrimes,
                        options.merging.sharding(),
                        options.merging.randomSeed);
        try {
            return command.plan(planning, problems);
        } catch (MergeException e) {
            throw device.with(e);
        }
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private BoundPlan checked(PlannedOutput planned, PlannedCommand command) {
        String output = command.output();
        planned.copied().forEach((folder, wanted) -> SideFiles.check(folder, wanted, problems));
        problems.throwIfErrors();
        BoundPlan plan = planned.plan(downloads::missing, card(console.resolve(output)));
        downloads.add(plan.weightFiles());
        planned.copied().forEach(downloads::add);
        CopiedJson.check(plan, problems);
        device.choice().problem().ifPresent(problems::add);
        if (!options.dryRun) {
            downloads.check(problems);
            List<Path> read = new ArrayList<>(planned.inputs());
            read.addAll(command.read());
            place(output).check(read, plan.plan().outputBytes(), problems);
        }
        if (!options.dryRun || options.resume) {
            resumable(plan, output);
        }
        if (options.strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }

    private void resumable(BoundPlan plan, String output) {
        PartialOutput earlier = place(output).partialOutput();
        // What is not there yet, or computed later, is compared when the folder is taken over.
        boolean known = downloads.isEmpty() && plan.plan().missing().isEmpty();
        if (earlier.exists() && known && !problems.hasErrors()) {
            RunRecord record = FolderRun.record(plan);
            earlier.problem(record, options.resume).ifPresent(problems::add);
            // Also in a quiet run: something of value goes away.
            if (!options.resume && !options.dryRun) {
                earlier.text(record).ifPresent(text -> note(output, text));
            }
        }
    }

    private void carryOut(PlannedOutput planned, BoundPlan plan, PlannedCommand command) {
        if (!options.says.quiet) {
            device.choice().reason().ifPresent(console::info);
        }
        int threads = PlanRun.threads(plan.plan(), options.merging.threads(), executor());
        if (options.dryRun) {
            if (command.listsPlan()) {
                options.format.print(
                        plan.plan(), threads, options.isVerbose(), downloads, console.out());
            }
            return;
        }
        if (options.isVerbose()) {
            console.info(PlanText.summary(plan.plan(), threads).stripTrailing());
        }
        downloads.run();
        if (!options.says.quiet) {
            planned.announcement().ifPresent(console::info);
        }
        write(plan.computed(), command.output());
    }

    private void write(BoundPlan plan, String output) {
        OutputFolder folder =
                OutputFolder.create(place(output), FolderRun.record(plan), options.resume);
        folder.notes().forEach(note -> note(output, note));
        NumberReview numbers = new NumberReview(options.strict);
        List<TensorTask> left = FolderRun.left(plan.plan(), folder);
        try (ProgressDisplay progress =
                ProgressDisplay.merging(
                        left.size(),
                        left.stream().mapToLong(t -> t.output().bytes()).sum(),
                        options.says.quiet,
                        console)) {
            PlanRun tensors =
                    new PlanRun(
                            plan,
                            MergeMethods.builtIn(),
                            options.merging.threads(),
                            executor(),
                            progress,
                            new Cancellation());
            new FolderRun(plan, tensors).write(folder, numbers);
        }
        folder.notes().forEach(note -> note(output, note));
        numbers.warnings().forEach(console::report);
        if (options.isVerbose()) {
            executor().report().forEach(console::info);
        }
    }

    private Executor executor() {
        return device.choice().executor();
    }

    private OutputPlace place(String output) {
        return OutputPlace.of(console.resolve(output), options.overwrite, options.merging.sync);
    }

    // Also in a quiet run: files are where a user does not expect them.
    private void note(String output, String text) {
        console.report(Problem.output(output, text).asWarning());
    }

    private Optional<String> card(Path target) {
        return Optional.of(target.getFileName().toString())
                .filter(_ -> options.merging.writeModelCard);
    }
}
