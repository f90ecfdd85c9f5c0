package jmergekit.cli;

import java.util.List;
import java.util.Optional;
import jmergekit.cli.PlannedCommand.ShardMaker;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.PlanRun;
import jmergekit.engine.Review;
import jmergekit.engine.TensorComputation;
import jmergekit.hub.FetchList;
import jmergekit.output.NumberReview;
import jmergekit.output.PlannedOutput;
import jmergekit.plan.PlanText;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Executor;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problem;
import jmergekit.publish.Destination;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.RunRecord;
import jmergekit.report.ReportReview;
import jmergekit.report.StageTimes;
import jmergekit.threads.Cancellation;

/// An output that has been planned and checked, ready to be made or printed by `--dry-run`.
///
/// @param isThere whether an earlier run made the same output, which is then reused
/// @param start when work on it began, by [System#nanoTime]
/// @param times of the stages so far
record PreparedOutput(
        OutputTarget target,
        RunOptions options,
        OpenedDevice device,
        Console console,
        FetchList downloads,
        PlannedOutput output,
        BoundPlan plan,
        boolean isThere,
        long start,
        StageTimes times) {
    private static final String SCRATCH = ".computed-tensors";

    /// Downloads the inputs and writes the output.
    void make() {
        try (target) {
            makeUnlessThere();
        }
    }

    private void makeUnlessThere() {
        if (isThere) {
            info(target.command().output() + ": is up to date from an earlier run");
            return;
        }
        target.command().settled();
        carryOut();
        if (!options.dryRun) {
            double seconds = (System.nanoTime() - start) / 1e9;
            info(
                    "%s: %s, %s in %.1f s"
                            .formatted(
                                    target.command().output(),
                                    output.made(),
                                    ByteSize.text(plan.plan().outputBytes()),
                                    seconds));
        }
    }

    private void carryOut() {
        device.choice().reason().ifPresent(this::info);
        int threads = PlanRun.threads(plan.plan(), options.merging.threads(), executor());
        if (options.dryRun) {
            if (target.command().listsPlan()) {
                options.format.print(
                        plan.plan(), threads, options.isVerbose(), downloads, console.out());
            }
            return;
        }
        if (options.isVerbose()) {
            console.info(PlanText.summary(plan.plan(), threads).stripTrailing());
        }
        times.resume();
        if (!downloads.isEmpty()) {
            downloads.run();
            times.ended("downloads");
        }
        output.announcement().ifPresent(this::info);
        // Downloaded inputs now have a state.
        BoundPlan bound = target.recorded(plan).computed();
        if (!plan.plan().missing().isEmpty()) {
            times.ended("gates computed");
        }
        make(bound);
        if (options.isVerbose()) {
            executor().report().forEach(console::info);
        }
    }

    private void make(BoundPlan bound) {
        Destination destination = target.destination();
        RunRecord record = FolderRun.record(bound);
        destination.begin(record, bound.plan().shards(), options.resume);
        Optional<ShardMaker> others = target.command().elsewhere();
        if (others.isPresent()) {
            others.get().make(this, bound);
            destination.begin(record, bound.plan().shards(), true);
        }
        write(bound, record, others.isPresent());
        destination.deliver();
    }

    /// @param ready whether other processes have just made the shards
    private void write(BoundPlan bound, RunRecord record, boolean ready) {
        OutputFolder folder = OutputFolder.create(target.place(), record, options.resume || ready);
        List<String> earlier = folder.notes();
        if (!ready || !FolderRun.left(bound.plan(), folder).isEmpty()) {
            earlier.forEach(this::note);
        }
        if (bound.tensors().isEmpty()) {
            writeWeights(bound, folder, List.of());
        } else {
            writeComputed(bound, folder);
        }
        folder.notes().forEach(this::note);
    }

    // The tensors are computed inside the folder, which is removed on failure.
    private void writeComputed(BoundPlan bound, OutputFolder folder) {
        try (folder) {
            BoundPlan.Stored stored;
            TensorComputation tensors = bound.tensors().orElseThrow();
            try (ProgressDisplay progress =
                    ProgressDisplay.approximating(
                            tensors.pieces(), tensors.bytes(), options.says.quiet, console)) {
                stored = bound.stored(folder.scratch(SCRATCH), options.merging.threads(), progress);
            }
            writeWeights(stored.plan(), folder, stored.outcome().notFinite());
            stored.outcome().lines().forEach(this::info);
            stored.outcome().warnings().forEach(console::report);
        }
    }

    private void writeWeights(
            BoundPlan bound, OutputFolder folder, List<NonFiniteTensor.Input> computed) {
        NumberReview numbers = new NumberReview(options.strict, computed);
        List<TensorTask> left = FolderRun.left(bound.plan(), folder);
        try (ProgressDisplay progress =
                ProgressDisplay.merging(
                        left.size(),
                        left.stream().mapToLong(t -> t.output().bytes()).sum(),
                        options.says.quiet,
                        console)) {
            PlanRun tensors =
                    new PlanRun(
                            bound,
                            console.methods(),
                            options.merging.runThreads(),
                            executor(),
                            progress,
                            new Cancellation());
            new FolderRun(bound, tensors).write(folder, review(bound, folder, numbers));
        }
        numbers.notes().forEach(this::info);
        numbers.warnings().forEach(console::report);
    }

    private Review review(BoundPlan bound, OutputFolder folder, NumberReview numbers) {
        return options.report
                ? new ReportReview(
                        numbers,
                        bound,
                        folder.partial(),
                        target.title(),
                        console.methods(),
                        options.merging.runThreads(),
                        executor(),
                        times)
                : numbers;
    }

    private Executor executor() {
        return device.choice().executor();
    }

    private void info(String line) {
        if (!options.says.quiet) {
            console.info(line);
        }
    }

    private void note(String text) {
        console.report(Problem.output(target.command().output(), text).asWarning());
    }
}
