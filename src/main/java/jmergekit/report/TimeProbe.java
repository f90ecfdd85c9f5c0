package jmergekit.report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.PlanRun;
import jmergekit.engine.RunThreads;
import jmergekit.method.MergeMethods;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Executor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.shards.ShardFolder;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Cancellation;
import jmergekit.weights.IoReason;

/// Makes a sample of a plan's tensors, as a run would, to estimate the time for all of them.
/// Removes the files it writes before returning.
///
/// @param bound the plan, whose files must be on this machine
/// @param place an existing folder on the output's disk
/// @param sync whether the run flushes its files to disk
public record TimeProbe(
        BoundPlan bound,
        MergeMethods methods,
        RunThreads threads,
        Executor executor,
        Path place,
        boolean sync) {
    /// The target duration of the sample in seconds.
    private static final double SECONDS = 1;

    /// Code is slow until it is compiled, and the first reads of a file are slow.
    private static final long WARM_UP_BYTES = 48L << 20;

    private static final int ROUNDS = 4;

    /// A sample that is this much faster than the previous one has not reached full speed yet.
    private static final double STEADY = 1.3;

    private static final String SCRATCH = ".jmergekit-check-";

    /// Takes one or two seconds, or up to about ten with very slow methods.
    ///
    /// @return empty if no tensor can be made yet
    public Optional<TimeEstimate> estimate() {
        TaskSample tasks =
                new TaskSample(bound.plan().tasks().stream().filter(this::canBeMade).toList());
        long all = TaskSample.bytes(bound.plan().tasks());
        List<TensorTask> first = tasks.of(WARM_UP_BYTES, 0.25);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Measured before = measure(first);
        Measured last = before;
        for (int round = 1; round <= ROUNDS && !isEnough(last, before, all); round++) {
            before = last;
            long wanted = (long) (last.speed() * SECONDS);
            last = measure(tasks.of(Math.max(wanted, WARM_UP_BYTES), 1.0 / (round + 1)));
        }
        return Optional.of(
                new TimeEstimate(
                        last.seconds() * all / last.bytes(),
                        last.seconds(),
                        last.bytes(),
                        all,
                        PlanRun.threads(bound.plan(), threads.workers(), executor),
                        last.written()));
    }

    // Whether the sample was long enough and no longer getting faster: code is slow until it is
    // compiled, and flushing a small file takes as long as a larger one.
    private static boolean isEnough(Measured last, Measured before, long all) {
        boolean isLong = last.seconds() > SECONDS / 2 || last.bytes() >= all;
        return last.isCut() || last != before && isLong && last.speed() < STEADY * before.speed();
    }

    private boolean canBeMade(TensorTask task) {
        return task.all()
                .noneMatch(s ->
                        s instanceof Source.Computed c
                                && !bound.plan().computed().containsKey(c.spec().name()));
    }

    /// @param bytes bytes read and written
    /// @param isCut whether it was cut off for taking too long
    private record Measured(double seconds, long bytes, boolean isCut, boolean written) {
        double speed() {
            return bytes / Math.max(seconds, 0.001);
        }
    }

    private Measured measure(List<TensorTask> tasks) {
        ShardLayout layout = layout(tasks);
        Plan plan =
                new Plan(
                        bound.plan().models(),
                        tasks,
                        layout,
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        bound.plan().computed(),
                        Plan.Listing.EMPTY);
        Cancellation cancellation = new Cancellation();
        Optional<Path> scratch = scratch(layout);
        ProbeSink sink = new ProbeSink(cancellation);
        long start = System.nanoTime();
        try {
            if (scratch.isPresent()) {
                try (ShardWriter writer = ShardWriter.create(scratch.get(), layout, sync)) {
                    run(plan, sink.into(writer), scratch.get(), cancellation);
                    writer.finish();
                }
            } else {
                Path none =
                        Path.of(System.getProperty("java.io.tmpdir")).resolve(SCRATCH + "inner");
                run(plan, sink, none, cancellation);
            }
        } catch (Cancellation.Cancelled e) {
            double part = (double) sink.written() / Math.max(1, plan.outputBytes());
            long bytes = Math.max(1, (long) (TaskSample.bytes(tasks) * part));
            return new Measured(seconds(start), bytes, true, scratch.isPresent());
        } finally {
            scratch.ifPresent(TimeProbe::remove);
        }
        return new Measured(seconds(start), TaskSample.bytes(tasks), false, scratch.isPresent());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void run(Plan plan, ProbeSink sink, Path inner, Cancellation cancellation) {
        new PlanRun(bound.with(plan), methods, threads, executor, (_, _) -> {}, cancellation)
                .make(
                        plan.shards().shards().stream().map(ShardLayout.Shard::fileName).toList(),
                        sink,
                        () -> inner.resolve("inner"),
                        () -> {});
    }

    // Writes as many files in parallel as the run will.
    private ShardLayout layout(List<TensorTask> tasks) {
        List<TensorSpec> specs = tasks.stream().map(TensorTask::output).toList();
        long bytes = specs.stream().mapToLong(TensorSpec::bytes).sum();
        int files = Math.min(bound.plan().shards().shards().size(), threads.workers());
        return ShardLayout.plan(
                bound.plan().shards().format(), specs, Math.max(1, bytes / Math.max(1, files)));
    }

    private Optional<Path> scratch(ShardLayout layout) {
        try {
            Path folder = Files.createTempDirectory(place, SCRATCH);
            // For when the program is stopped. Paths registered last are removed first.
            folder.toFile().deleteOnExit();
            for (ShardLayout.Shard shard : layout.shards()) {
                Path file = folder.resolve(shard.fileName());
                file.toFile().deleteOnExit();
                folder.resolve(shard.fileName() + ShardFolder.UNFINISHED).toFile().deleteOnExit();
            }
            return Optional.of(folder);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(folder.toString(), "cannot be removed: " + IoReason.of(e)), e);
        }
    }
}
