package jmergekit.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import jmergekit.kernel.Combination.WeightedSum;
import jmergekit.kernel.CpuPrimitives;
import jmergekit.kernel.OutputTensor;
import jmergekit.kernel.Primitives;
import jmergekit.kernel.SourceTensor;
import jmergekit.kernel.TileOps;
import jmergekit.plan.MergePlan;
import jmergekit.plan.TensorTask;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.ShardWriter;

/// Carries out a plan: every task, then the files besides the weights, then the publication.
public final class MergeRun {
    private final MergePlan plan;
    private final Progress progress;
    private final int threads;
    private final TileOps ops = TileOps.best();
    private final AtomicBoolean failed = new AtomicBoolean();

    /// @param threads how many work at once; the output does not depend on it
    public MergeRun(MergePlan plan, int threads, Progress progress) {
        this.plan = plan;
        this.threads = threads(plan, threads);
        this.progress = progress;
    }

    /// How many of the threads asked for will run. Each has working memory of its own; a machine of
    /// many cores may have a small heap.
    public static int threads(MergePlan plan, int asked) {
        long heap = Runtime.getRuntime().maxMemory();
        return Math.clamp(heap / 2 / Math.max(1, plan.memoryOfThread()), 1, asked);
    }

    /// Writes the merged model. The folder appears complete or not at all.
    ///
    /// @param files all but the weights and their index, the one that makes the folder loadable
    ///     (config.json) last
    public void write(OutputFolder folder, List<OutputFile> files) {
        try (folder) {
            writeWeights(folder);
            for (OutputFile file : files) {
                folder.add(file);
            }
            FinishedModel.check(plan, folder.partial());
            folder.publish();
        }
    }

    private void writeWeights(OutputFolder folder) {
        try (ShardWriter writer = ShardWriter.create(folder.partial(), plan.shards());
                OpenFiles inputs = new OpenFiles(ops);
                Workers workers = new Workers(threads)) {
            List<Runnable> tasks = new ArrayList<>();
            for (TensorTask task : plan.tasks()) {
                tasks.add(() -> runUnlessFailed(task, inputs, writer, workers));
            }
            workers.runAll(tasks);
            writer.finish();
        }
    }

    private void runUnlessFailed(
            TensorTask task, OpenFiles inputs, ShardWriter writer, Workers workers) {
        if (failed.get()) {
            return;
        }
        boolean done = false;
        try {
            run(task, inputs, writer, workers);
            done = true;
        } catch (InternalError e) {
            // What a mapped file does when somebody shortens it while it is read.
            throw new MergeException(
                    Problem.input(
                                    plan.models()
                                            .get(task.sources().getFirst().model())
                                            .reference()
                                            .toString(),
                                    "an input file of tensor '%s' changed while it was read"
                                            .formatted(task.output().name()))
                            .hint("leave the models alone during a merge, and start again"),
                    e);
        } finally {
            failed.compareAndSet(false, !done);
        }
        progress.finished(task.output().name(), task.output().bytes());
    }

    private void run(TensorTask task, OpenFiles inputs, ShardWriter writer, Workers workers) {
        if (task.output().bytes() == 0) {
            return;
        }
        SourceTensors opened = new SourceTensors(inputs, ops);
        List<SourceTensor> sources = task.sources().stream().map(opened::open).toList();
        String name = task.output().name();
        OutputTensor output =
                new ShardTensor(
                        task.output(), (offset, bytes) -> writer.write(name, offset, bytes));
        Primitives primitives = new CpuPrimitives(sources, task.base(), output, workers, ops);
        switch (task.work()) {
            case MERGE -> plan.method().merge(task.input(plan.seed()), primitives);
            case COPY -> primitives.combine(new WeightedSum(new double[] {1}));
        }
    }
}
