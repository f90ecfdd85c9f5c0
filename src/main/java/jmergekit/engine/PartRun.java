package jmergekit.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.method.MergeMethods;
import jmergekit.method.PreparedMethod;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartOutput;
import jmergekit.publish.RunRecord;
import jmergekit.shards.ShardWriter;

/// Makes one shard of a plan in a separate process. Any number of such processes may work on one
/// output at once; a run that resumes from their shards publishes it.
public final class PartRun {
    private static final String SCRATCH = ".inner-merges";
    private final BoundPlan bound;
    private final PlanRun run;
    private final Set<Path> read;
    private final String shard;

    /// @param shard its file name
    /// @param read the result of [#files] for the shard
    public PartRun(BoundPlan bound, PlanRun run, String shard, Set<Path> read) {
        this.bound = bound;
        this.run = run;
        this.shard = shard;
        this.read = Set.copyOf(read);
    }

    /// The files that a shard is made from. A method that needs statistics may measure tensors of
    /// all other shards too.
    ///
    /// @param shard its file name
    public static Set<Path> files(BoundPlan bound, MergeMethods methods, String shard) {
        List<TensorTask> tasks = bound.plan().tasksByFile().get(shard);
        if (tasks.stream().anyMatch(task -> measures(task, methods))) {
            return bound.weightFiles();
        }
        return tasks.stream()
                .flatMap(TensorTask::all)
                .flatMap(Source::stored)
                .map(s -> bound.inputs().path(s.file()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean measures(TensorTask task, MergeMethods methods) {
        return Stream.concat(task.parts().stream(), task.inner().stream())
                .anyMatch(t -> measuresItself(t, methods));
    }

    private static boolean measuresItself(TensorTask task, MergeMethods methods) {
        return task.work() instanceof Work.Merge merge
                && methods.named(merge.method()).orElse(null) instanceof PreparedMethod;
    }

    /// The record of processes that make shards of a plan. It ignores modification times, since
    /// inputs on another machine are copies with other times.
    public static RunRecord record(BoundPlan bound) {
        return new RunRecord(RunIdentity.of(bound.plan()), List.of());
    }

    /// Makes the shard, unless it already exists.
    ///
    /// @return whether it was made now
    public boolean make(OutputPlace place) {
        InputFiles used = InputFiles.of(bound.inputs().states(), read, List.of());
        used.check();
        try (PartOutput part = PartOutput.open(place, record(bound))) {
            Optional<ShardWriter> writer = part.shard(bound.plan().shards(), shard);
            if (writer.isEmpty()) {
                return false;
            }
            try (ShardWriter open = writer.get()) {
                run.make(
                        List.of(shard),
                        new FolderRun.WriterSink(open),
                        () -> part.scratch(SCRATCH),
                        used::check);
            }
            part.awaitShards();
            return true;
        }
    }
}
