package jmergekit.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import jmergekit.plan.MergePlan;
import jmergekit.plan.RunPlan;
import jmergekit.plan.TensorSource;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Executor;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.safetensors.ShardWriter;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;
import jmergekit.weights.FolderState;

/// Carries out a plan: every task, then the files besides the weights, then the publication.
public final class MergeRun {
    private final RunPlan plan;
    private final Progress progress;
    private final int threads;
    private final Executor executor;
    private final TileOps ops = TileOps.best();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Map<String, NonFiniteTensor> notFinite = new ConcurrentHashMap<>();

    /// @param threads how many work at once; the output does not depend on it
    /// @param executor where the arithmetic happens; stays open
    public MergeRun(RunPlan plan, int threads, Executor executor, Progress progress) {
        this.plan = plan;
        this.threads = threads(plan, threads, executor);
        this.executor = executor;
        this.progress = progress;
    }

    /// How many of the threads asked for will run. Each has working memory of its own; a machine of
    /// many cores may have a small heap.
    public static int threads(RunPlan plan, int asked, Executor executor) {
        long heap = Runtime.getRuntime().maxMemory();
        long fitting = heap / 2 / Math.max(1, plan.memoryOfThread());
        return executor.threads(Math.clamp(fitting, 1, asked));
    }

    /// Writes the merged model. The folder appears complete or not at all.
    ///
    /// @param files all but the weights and their index, the one that makes the folder loadable
    ///     (config.json) last
    public void write(OutputFolder folder, List<OutputFile> files) {
        write(folder, files, (_, planned) -> planned);
    }

    /// The same, with a look at the numbers before anything is published.
    public void write(OutputFolder folder, List<OutputFile> files, Review review) {
        try (folder) {
            InputFiles used = inputFiles(files);
            used.check();
            writeWeights(folder, used);
            used.check();
            for (OutputFile file : review.files(nonFinite(), files)) {
                folder.add(file);
            }
            if (plan instanceof MergePlan merge) {
                FinishedModel.check(merge, folder.partial());
            }
            used.check();
            folder.publish();
        }
    }

    private InputFiles inputFiles(List<OutputFile> files) {
        List<FolderState> folders =
                plan.models().stream().flatMap(m -> m.states().stream()).toList();
        return InputFiles.of(folders, plan.inputFiles(), files);
    }

    private NonFiniteReport nonFinite() {
        return new NonFiniteReport(
                plan.tasks().stream()
                        .map(t -> notFinite.get(t.output().name()))
                        .filter(Objects::nonNull)
                        .toList());
    }

    private void writeWeights(OutputFolder folder, InputFiles used) {
        try (ShardWriter writer = folder.weights(plan.shards());
                InputTensors inputs = new InputTensors(ops);
                Workers workers = new Workers(threads)) {
            Chunks chunks = new WorkerChunks(workers);
            List<Runnable> tasks = new ArrayList<>();
            for (TensorTask task : TaskOrder.of(plan.tasksByFile().values(), threads)) {
                tasks.add(() -> runUnlessFailed(task, inputs, used, writer, chunks));
            }
            workers.runAll(tasks);
            writer.finish();
        }
    }

    private void runUnlessFailed(
            TensorTask task,
            InputTensors inputs,
            InputFiles used,
            ShardWriter writer,
            Chunks chunks) {
        if (failed.get()) {
            return;
        }
        boolean done = false;
        try {
            run(task, inputs, writer, chunks);
            done = true;
        } catch (InternalError e) {
            // What a mapped file does when somebody shortens it while it is read, or when its disk
            // fails.
            used.check();
            task.sources().forEach(inputs::probe);
            throw new MergeException(
                    Problem.input(
                                    inputOf(task),
                                    "a file of tensor '%s' could not be read"
                                            .formatted(task.output().name()))
                            .hint(
                                    "check the disk, leave the models alone during a merge, and start again"),
                    e);
        } finally {
            failed.compareAndSet(false, !done);
        }
        progress.finished(task.output().name(), task.output().bytes());
    }

    private String inputOf(TensorTask task) {
        return task.sources().stream()
                .map(s -> plan.models().get(s.model()).reference().toString())
                .findFirst()
                .orElse(task.output().name());
    }

    private void run(TensorTask task, InputTensors inputs, ShardWriter writer, Chunks chunks) {
        if (task.output().bytes() == 0) {
            return;
        }
        List<SourceTensor> sources = new ArrayList<>();
        task.sources().forEach(source -> sources.add(inputs.open(source)));
        sources.addAll(plan.generated(task));
        String name = task.output().name();
        ShardTensor output =
                new ShardTensor(
                        task.output(), (offset, bytes) -> writer.write(name, offset, bytes));
        plan.make(task, executor.primitives(sources, task.base(), output, chunks));
        long count = writer.nonFinite(name);
        if (count > 0 || output.hasSourceNotFinite()) {
            notFinite.put(
                    name,
                    new NonFiniteTensor(task.output(), count, counted(task, sources, chunks)));
        }
    }

    private List<NonFiniteTensor.Input> counted(
            TensorTask task, List<SourceTensor> sources, Chunks chunks) {
        List<NonFiniteTensor.Input> inputs = new ArrayList<>();
        for (int i = 0; i < task.sources().size(); i++) {
            TensorSource source = task.sources().get(i);
            String model = plan.models().get(source.model()).reference().toString();
            inputs.add(
                    NonFiniteTensor.Input.count(
                            model, source.spec().name(), sources.get(i), chunks));
        }
        return inputs.stream().filter(i -> i.count() > 0).toList();
    }
}
