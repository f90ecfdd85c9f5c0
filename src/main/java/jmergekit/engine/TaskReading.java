package jmergekit.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

/// Reads the inputs of tasks without making their outputs. No input may be the output of another
/// task.
public final class TaskReading {
    private final InputFolders inputs;
    private final RunThreads threads;
    private final boolean scattered;
    private final Progress progress;
    private final Cancellation cancellation;

    /// Reads whole tensors.
    ///
    /// @param inputs the locations of the sources' folders
    public TaskReading(
            InputFolders inputs, RunThreads threads, Progress progress, Cancellation cancellation) {
        this(inputs, threads, false, progress, cancellation);
    }

    /// Reads small scattered parts of each tensor: only the pages that are used are loaded from
    /// disk.
    ///
    /// @param workers threads that read
    /// @param workers threads that read
    public static TaskReading scattered(
            InputFolders inputs, int workers, Progress progress, Cancellation cancellation) {
        return new TaskReading(inputs, new RunThreads(workers, 0), true, progress, cancellation);
    }

    private TaskReading(
            InputFolders inputs,
            RunThreads threads,
            boolean scattered,
            Progress progress,
            Cancellation cancellation) {
        this.inputs = inputs;
        this.threads = threads;
        this.scattered = scattered;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /// Processes the inputs of one task.
    public interface Reader<R> {
        /// @param task its index in the list
        /// @param inputs of the task, in order
        /// @param chunks divides work among the threads
        R read(int task, List<SourceTensor> inputs, Chunks chunks);
    }

    /// Reads all tasks, several at a time, and returns the results in order. Throws a
    /// [jmergekit.problem.MergeException] that names the file if one cannot be read or has changed.
    public <R> List<R> each(List<TensorTask> tasks, Reader<R> reader) {
        long elements = tasks.stream().mapToLong(t -> t.output().shape().elements()).sum();
        TileOps ops = TileOps.best().forElements(elements);
        List<List<TensorTask>> groups = tasks.stream().map(List::of).toList();
        FileReads reads = FileReads.of(groups);
        InputFiles used = InputFiles.of(inputs.states(), weightFiles(tasks), List.of());
        used.check();
        List<Optional<R>> results =
                new ArrayList<>(Collections.nCopies(tasks.size(), Optional.empty()));
        try (OpenFiles files = new OpenFiles(inputs, ops, scattered);
                InputReadAhead readAhead = new InputReadAhead(reads, files, threads.readers());
                InputTensors opened = new InputTensors(files, ops);
                InputTensors probes = new InputTensors(inputs, ops);
                Workers workers = new Workers(threads.workers())) {
            Chunks chunks = new WorkerChunks(workers, cancellation);
            SpentInputs spent = SpentInputs.of(groups, reads.bytes(), files);
            AtomicBoolean failed = new AtomicBoolean();
            List<Runnable> jobs = new ArrayList<>();
            for (int i = 0; i < tasks.size(); i++) {
                int at = i;
                TensorTask task = tasks.get(i);
                String name = task.output().name();
                Unreadable reason =
                        new Unreadable(" of tensor '%s'".formatted(name), probes, used::check);
                jobs.add(() -> {
                    if (failed.get()) {
                        return;
                    }
                    boolean done = false;
                    try {
                        cancellation.check();
                        Chunks ahead = readAhead.chunks(task, chunks);
                        R read =
                                reason.guard(
                                        task::all,
                                        () ->
                                                reader.read(
                                                        at,
                                                        task.sources().stream()
                                                                .map(opened::open)
                                                                .toList(),
                                                        ahead));
                        results.set(at, Optional.of(read));
                        spent.finished(List.of(task));
                        progress.finished(name, task.output().bytes());
                        done = true;
                    } finally {
                        failed.compareAndSet(false, !done);
                    }
                });
            }
            workers.runAll(jobs);
            cancellation.check();
        }
        used.check();
        return results.stream().map(Optional::orElseThrow).toList();
    }

    private Set<Path> weightFiles(List<TensorTask> tasks) {
        Set<Path> files = new TreeSet<>();
        tasks.stream()
                .flatMap(TensorTask::all)
                .flatMap(Source::stored)
                .forEach(s -> files.add(inputs.path(s.file())));
        return files;
    }
}
