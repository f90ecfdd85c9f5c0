package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.PlanRun;
import jmergekit.engine.TensorComputation;
import jmergekit.hub.FetchList;
import jmergekit.hub.Hub;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.output.CopiedJson;
import jmergekit.output.NumberReview;
import jmergekit.output.PlannedOutput;
import jmergekit.output.SideFiles;
import jmergekit.plan.PlanText;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Executor;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartialOutput;
import jmergekit.publish.RunRecord;
import jmergekit.publish.StageRecord;
import jmergekit.threads.Cancellation;

/// From a command to its output folder, or to what `--dry-run` prints.
final class OutputRun {
    private static final String SCRATCH = ".computed-tensors";

    private final PlannedCommand command;
    private final RunOptions options;
    private final Hub hub;
    private final OpenedDevice device;
    private final Console console;
    private final Problems problems;
    private final FetchList downloads;

    /// A run that can be carried out.
    private record Prepared(PlannedOutput output, BoundPlan plan) {}

    /// @param problems with what is wrong with the options
    OutputRun(
            PlannedCommand command,
            RunOptions options,
            Hub hub,
            OpenedDevice device,
            Console console,
            Problems problems) {
        this.command = command;
        this.options = options;
        this.hub = hub;
        this.device = device;
        this.console = console;
        this.problems = problems;
        this.downloads = hub.fetchList();
    }

    /// Checks, plans, downloads and writes.
    void make() {
        prepare().run();
    }

    /// Looks only for what would keep the output from its place.
    void checkPlace() {
        place().check(console.workingDirectory(), problems);
    }

    /// Checks and plans, so that nothing is left that could be known to be wrong.
    ///
    /// @return what downloads and writes
    Runnable prepare() {
        long start = System.nanoTime();
        if (!options.dryRun) {
            place().tidy().forEach(this::note);
            place().check(console.workingDirectory(), problems);
        }
        PlannedOutput planned = plan();
        Prepared run = new Prepared(planned, checked(planned));
        return isThere(run.plan()) ? this::tellOfReuse : () -> make(run, start);
    }

    private boolean isThere(BoundPlan plan) {
        return !options.dryRun
                && command.earlier() == PlannedCommand.Earlier.REUSED
                && downloads.isEmpty()
                && StageRecord.holds(place().target(), FolderRun.record(plan));
    }

    private void tellOfReuse() {
        if (!options.says.quiet) {
            console.info(command.output() + ": is there already, made of the same; taken as it is");
        }
    }

    private void make(Prepared run, long start) {
        command.settled();
        carryOut(run);
        if (!options.dryRun && !options.says.quiet) {
            double seconds = (System.nanoTime() - start) / 1e9;
            console.info(
                    "%s: %s, %s in %.1f s"
                            .formatted(
                                    command.output(),
                                    run.output().made(),
                                    ByteSize.text(run.plan().plan().outputBytes()),
                                    seconds));
        }
    }

    private PlannedOutput plan() {
        ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
        try {
            return command.plan(options.planOptions(models), problems);
        } catch (MergeException e) {
            throw device.with(e);
        }
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private BoundPlan checked(PlannedOutput planned) {
        planned.copied().forEach((folder, wanted) -> SideFiles.check(folder, wanted, problems));
        problems.throwIfErrors();
        BoundPlan plan = planned.plan(downloads::missing, card());
        downloads.add(plan.weightFiles());
        planned.copied().forEach(downloads::add);
        CopiedJson.check(plan, problems);
        device.choice().problem().ifPresent(problems::add);
        if (!options.dryRun) {
            downloads.check(problems);
            List<Path> read = new ArrayList<>(planned.inputs());
            read.addAll(command.read());
            place().check(read, bytes(plan), problems);
        }
        if (!options.dryRun || options.resume) {
            resumable(plan);
        }
        if (options.strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }

    private void resumable(BoundPlan plan) {
        PartialOutput earlier = place().partialOutput();
        // What is not there yet, or computed later, is compared when the folder is taken over.
        boolean known = downloads.isEmpty() && plan.plan().missing().isEmpty();
        if (earlier.exists() && known && !problems.hasErrors()) {
            RunRecord record = FolderRun.record(plan);
            earlier.problem(record, options.resume).ifPresent(problems::add);
            // Also in a quiet run: something of value goes away.
            if (!options.resume && !options.dryRun) {
                earlier.text(record).ifPresent(this::note);
            }
        }
    }

    private void carryOut(Prepared run) {
        BoundPlan plan = run.plan();
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
            run.output().announcement().ifPresent(console::info);
        }
        write(recorded(plan).computed());
    }

    // Inputs that were downloaded have a state now.
    private BoundPlan recorded(BoundPlan plan) {
        if (command.earlier() == PlannedCommand.Earlier.IN_THE_WAY) {
            return plan;
        }
        List<PlannedFile.Text> cards = new ArrayList<>(plan.plan().cards());
        cards.add(new PlannedFile.Text(StageRecord.NAME, FolderRun.record(plan).text()));
        return plan.with(plan.plan().withCards(cards));
    }

    private void write(BoundPlan plan) {
        OutputFolder folder = OutputFolder.create(place(), FolderRun.record(plan), options.resume);
        folder.notes().forEach(this::note);
        if (plan.tensors().isEmpty()) {
            write(plan, folder, new NumberReview(options.strict));
        } else {
            writeComputed(plan, folder);
        }
        folder.notes().forEach(this::note);
        if (options.isVerbose()) {
            executor().report().forEach(console::info);
        }
    }

    // The tensors are computed into the folder, which is gone if that fails.
    private void writeComputed(BoundPlan plan, OutputFolder folder) {
        try (folder) {
            BoundPlan.Stored stored;
            TensorComputation tensors = plan.tensors().orElseThrow();
            try (ProgressDisplay progress =
                    ProgressDisplay.approximating(
                            tensors.pieces(), tensors.bytes(), options.says.quiet, console)) {
                stored = plan.stored(folder.scratch(SCRATCH), options.merging.threads(), progress);
            }
            write(stored.plan(), folder, new NumberReview(options.strict));
            if (!options.says.quiet) {
                stored.lines().forEach(console::info);
            }
        }
    }

    private void write(BoundPlan plan, OutputFolder folder, NumberReview numbers) {
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
        numbers.warnings().forEach(console::report);
    }

    private static long bytes(BoundPlan plan) {
        long scratch = plan.tensors().map(TensorComputation::scratchBytes).orElse(0L);
        return plan.plan().outputBytes() + scratch;
    }

    private Executor executor() {
        return device.choice().executor();
    }

    private OutputPlace place() {
        Path path = console.resolve(command.output());
        boolean replace =
                options.overwrite
                        || command.earlier() != PlannedCommand.Earlier.IN_THE_WAY
                                && StageRecord.isIn(path);
        return OutputPlace.of(path, replace, options.merging.sync);
    }

    // Also in a quiet run: files are where a user does not expect them.
    private void note(String text) {
        console.report(Problem.output(command.output(), text).asWarning());
    }

    private Optional<String> card() {
        return Optional.of(console.resolve(command.output()).getFileName().toString())
                .filter(_ -> options.merging.writeModelCard);
    }
}
