package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import jmergekit.model.InputFile;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.RunRecord;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;
import jmergekit.threads.Cancellation;
import jmergekit.weights.FileState;

/// Runs a plan into a folder: first every tensor, then the other files, then publication.
public final class FolderRun {
    private static final String SCRATCH = ".inner-merges";
    private final BoundPlan bound;
    private final PlanRun run;

    public FolderRun(BoundPlan bound, PlanRun run) {
        this.bound = bound;
        this.run = run;
    }

    /// Writes the model or adapter. The folder appears complete or not at all.
    ///
    /// Finished shards are kept if the run fails, unless an input changed, the recipe is at fault,
    /// or the review refuses them: in these cases the shards may be wrong, or the next run would be
    /// refused again. A cancelled run keeps none of its own shards. Shards made by other runs, from
    /// which this one resumed, are always kept.
    ///
    /// @param review checks the numbers before anything is published
    public void write(OutputFolder folder, Review review) {
        write(folder, review, bound.weightFiles(), used -> writeWeights(folder, used));
    }

    /// Publishes a model or adapter whose shards are all finished, without reading the weights of
    /// its inputs.
    ///
    /// @param where the shards' folder in messages
    public void publish(OutputFolder folder, Review review, String where) {
        write(folder, review, Set.of(), _ -> takeWeights(folder, where));
    }

    /// @param read the weight files that are read
    private void write(
            OutputFolder folder, Review review, Set<Path> read, Consumer<InputFiles> weights) {
        try (folder) {
            List<OutputFile> files = files();
            InputFiles used = InputFiles.of(bound.inputs().states(), read, files);
            try {
                used.check();
                weights.accept(used);
                finish(folder, review, files, used);
            } catch (MergeException e) {
                if (e.exitCode() == ExitCode.RECIPE || used.changed()) {
                    folder.discard();
                }
                throw e;
            } catch (Cancellation.Cancelled e) {
                folder.discard();
                throw e;
            }
            folder.publish();
        }
    }

    private List<OutputFile> files() {
        Plan plan = bound.plan();
        List<OutputFile> files = new ArrayList<>();
        plan.files().forEach(f -> files.add(bound.outputFile(f)));
        // The last file makes the folder loadable.
        files.addAll(
                Math.max(0, files.size() - 1),
                plan.cards().stream().map(bound::outputFile).toList());
        return files;
    }

    private void finish(
            OutputFolder folder, Review review, List<OutputFile> files, InputFiles used) {
        used.check();
        reviewed(folder, review, files).forEach(folder::add);
        review.finished(bound.plan(), folder.partial());
        used.check();
    }

    // If the shards are refused now, they would be refused again.
    private List<OutputFile> reviewed(OutputFolder folder, Review review, List<OutputFile> files) {
        try {
            return review.files(run.findings(), files);
        } catch (MergeException e) {
            folder.discard();
            throw e;
        }
    }

    /// The tasks of the shards that a run still has to make in a folder.
    public static List<TensorTask> left(Plan plan, OutputFolder folder) {
        Map<String, List<TensorTask>> shards = plan.tasksByFile();
        shards.keySet().removeAll(folder.finished(plan.shards()).keySet());
        return shards.values().stream().flatMap(List::stream).toList();
    }

    /// Identifies the plan and inputs that finished shards of other runs were made from.
    public static RunRecord record(BoundPlan plan) {
        List<String> inputs = new ArrayList<>();
        for (InputFile file : plan.plan().inputFiles()) {
            FileState state = FileState.of(plan.inputs().path(file));
            inputs.add(
                    "%s of %s: %d bytes of %s"
                            .formatted(
                                    file.name(),
                                    Plan.label(file.folder()),
                                    state.size(),
                                    state.modified()));
        }
        return new RunRecord(RunIdentity.of(plan.plan()), inputs);
    }

    private void writeWeights(OutputFolder folder, InputFiles used) {
        ShardLayout layout = bound.plan().shards();
        Set<String> finished = restored(folder, layout);
        List<String> shards =
                layout.shards().stream()
                        .map(ShardLayout.Shard::fileName)
                        .filter(name -> !finished.contains(name))
                        .toList();
        Path scratch = folder.scratch(SCRATCH);
        try (ShardWriter writer = folder.weights(layout)) {
            run.make(shards, new WriterSink(writer), () -> scratch, used::check);
            writer.finish();
        }
        folder.awaitShards();
    }

    private void takeWeights(OutputFolder folder, String where) {
        ShardLayout layout = bound.plan().shards();
        restored(folder, layout);
        folder.unfinished(layout, where)
                .ifPresent(problem -> {
                    throw new MergeException(problem);
                });
        try (ShardWriter writer = folder.weights(layout)) {
            writer.finish();
        }
    }

    // A shard with a damaged note is made again.
    private Set<String> restored(OutputFolder folder, ShardLayout layout) {
        Set<String> restored = new TreeSet<>();
        folder.finished(layout)
                .forEach((shard, note) -> {
                    try {
                        run.restore(note);
                        restored.add(shard);
                    } catch (IllegalArgumentException _) {
                        folder.remake(shard);
                    }
                });
        return restored;
    }

    /// Writes to files.
    record WriterSink(ShardWriter writer) implements ShardSink {
        @Override
        public void write(String tensor, long byteOffset, MemorySegment bytes) {
            writer.write(tensor, byteOffset, bytes);
        }

        @Override
        public long nonFinite(String tensor) {
            return writer.nonFinite(tensor);
        }

        @Override
        public void finishShard(String fileName, String findings) {
            writer.finishShard(fileName, findings);
        }
    }
}
