package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import jmergekit.method.MergeMethods;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Executor;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

/// Makes the tensors of a plan, or those of some shards. It does not handle folders or files of the
/// output: a [ShardSink] receives the tensors.
public final class PlanRun {
    private final BoundPlan bound;
    private final Plan plan;
    private final Executor executor;
    private final MergeMethods methods;
    private final int workers;
    private final int readers;
    private final Progress progress;
    private final Cancellation cancellation;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Map<String, Findings> findings = new ConcurrentHashMap<>();

    /// @param methods that the plan may name
    /// @param executor where the arithmetic runs; it is not closed
    public PlanRun(
            BoundPlan bound,
            MergeMethods methods,
            RunThreads threads,
            Executor executor,
            Progress progress,
            Cancellation cancellation) {
        this.methods = methods;
        this.bound = bound;
        this.plan = bound.plan();
        this.workers = threads(plan, threads.workers(), executor);
        this.readers = threads.readers();
        this.executor = executor;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /// The number of threads that will run, at most `asked`. Each has its own working memory, and a
    /// machine with many cores may have a small heap.
    public static int threads(Plan plan, int asked, Executor executor) {
        long heap = Runtime.getRuntime().maxMemory();
        long fitting = heap / 2 / Math.max(1, plan.memoryOfThread());
        return executor.threads(Math.clamp(fitting, 1, asked));
    }

    public Plan plan() {
        return plan;
    }

    /// Makes the tensors of shards.
    ///
    /// @param shards by file name
    /// @param scratch supplies a path for a scratch file, if one is needed
    /// @param check throws if an input changed
    public void make(
            Collection<String> shards, ShardSink sink, Supplier<Path> scratch, Runnable check) {
        Map<String, List<TensorTask>> byFile = new LinkedHashMap<>(plan.tasksByFile());
        byFile.keySet().retainAll(shards);
        make(byFile, new CountedParts(sink, progress), scratch, check);
    }

    /// Makes some tensors, with the same bytes as in their shards. No shard is completed.
    ///
    /// @param tensors by name
    /// @param scratch supplies a path for a scratch file, if one is needed
    /// @param check throws if an input changed
    public void makeTensors(
            Set<String> tensors, ShardSink sink, Supplier<Path> scratch, Runnable check) {
        Map<String, List<TensorTask>> byFile = new LinkedHashMap<>();
        plan.tasksByFile()
                .forEach((file, tasks) -> {
                    List<TensorTask> wanted =
                            tasks.stream()
                                    .filter(t -> tensors.contains(t.output().name()))
                                    .toList();
                    if (!wanted.isEmpty()) {
                        byFile.put(file, wanted);
                    }
                });
        make(byFile, new CountedParts(new TensorsOnly(sink), progress), scratch, check);
    }

    private record TensorsOnly(ShardSink sink) implements ShardSink {
        @Override
        public void write(String tensor, long byteOffset, MemorySegment bytes) {
            sink.write(tensor, byteOffset, bytes);
        }

        @Override
        public long nonFinite(String tensor) {
            return sink.nonFinite(tensor);
        }

        @Override
        public void finishTensor(String tensor) {
            sink.finishTensor(tensor);
        }
    }

    private void make(
            Map<String, List<TensorTask>> byFile,
            ShardSink sink,
            Supplier<Path> scratch,
            Runnable check) {
        Map<String, ShardProgress> open = new HashMap<>();
        byFile.forEach((file, tasks) -> {
            ShardProgress shard = new ShardProgress(file, tasks, new AtomicInteger(tasks.size()));
            tasks.forEach(t -> open.put(t.output().name(), shard));
        });
        TileOps ops = TileOps.best().forElements(elements(byFile.values()));
        Preparations preparations = new Preparations(plan, methods);
        List<List<TensorTask>> groups = TasksTogether.of(TaskOrder.of(byFile.values(), workers));
        FileReads reads = FileReads.of(groups);
        try (OpenFiles files = new OpenFiles(bound.inputs(), ops);
                InputReadAhead readAhead = new InputReadAhead(reads, files, readers);
                InputTensors probes = new InputTensors(bound.inputs(), ops);
                InnerOutputs inner = new InnerOutputs(scratch);
                Workers workers = new Workers(this.workers)) {
            TaskRunner runner =
                    new TaskRunner(
                            plan.models(),
                            plan.computed(),
                            files,
                            ops,
                            executor,
                            new WorkerChunks(workers, cancellation),
                            readAhead,
                            inner,
                            methods,
                            preparations,
                            MemoryBudget.ofHeap(),
                            cancellation);
            prepare(preparations, byFile.values(), runner, workers, probes, check);
            SpentInputs spent = SpentInputs.of(groups, reads.bytes(), files);
            List<Runnable> tasks = new ArrayList<>();
            for (List<TensorTask> together : groups) {
                Unreadable reason =
                        new Unreadable(
                                " of tensor '%s'".formatted(together.getFirst().output().name()),
                                probes,
                                check);
                tasks.add(() -> {
                    runUnlessFailed(together, runner, sink, reason, open);
                    if (!failed.get()) {
                        spent.finished(together);
                    }
                });
            }
            workers.runAll(tasks);
            cancellation.check();
        }
    }

    private static long elements(Collection<List<TensorTask>> shards) {
        return shards.stream()
                .flatMap(List::stream)
                .mapToLong(t -> t.output().shape().elements())
                .sum();
    }

    private static void prepare(
            Preparations preparations,
            Collection<List<TensorTask>> shards,
            TaskRunner runner,
            Workers workers,
            InputTensors probes,
            Runnable check) {
        if (preparations.isEmpty()) {
            return;
        }
        Unreadable reason = new Unreadable(" while tensors were measured", probes, check);
        preparations.measure(
                shards.stream().flatMap(List::stream).toList(),
                (method, tasks) -> {
                    double[][] measured = new double[tasks.size()][];
                    List<Runnable> jobs = new ArrayList<>();
                    for (int i = 0; i < measured.length; i++) {
                        int at = i;
                        TensorTask task = tasks.get(i);
                        jobs.add(() ->
                                measured[at] =
                                        reason.guard(
                                                task::all, () -> runner.measure(method, task)));
                    }
                    workers.runAll(jobs);
                    return List.of(measured);
                });
    }

    /// The tasks of a shard, and the number of unfinished ones.
    private record ShardProgress(String file, List<TensorTask> tasks, AtomicInteger left) {}

    private void runUnlessFailed(
            List<TensorTask> together,
            TaskRunner runner,
            ShardSink sink,
            Unreadable reason,
            Map<String, ShardProgress> shards) {
        if (failed.get()) {
            return;
        }
        boolean done = false;
        try {
            cancellation.check();
            Map<String, Findings> found =
                    reason.guard(together.getFirst()::all, () -> runner.run(together, sink));
            for (TensorTask task : together) {
                String name = task.output().name();
                findings.put(name, found.getOrDefault(name, Findings.NONE));
                sink.finishTensor(name);
                ShardProgress shard = shards.get(name);
                if (shard.left().decrementAndGet() == 0) {
                    sink.finishShard(shard.file(), FindingsJson.write(found(shard.tasks())));
                }
                progress.finished(name, task.output().bytes());
            }
            done = true;
        } finally {
            failed.compareAndSet(false, !done);
        }
    }

    private Findings found(Collection<TensorTask> tasks) {
        return Findings.of(
                tasks.stream()
                        .map(t -> findings.get(t.output().name()))
                        .filter(Objects::nonNull)
                        .toList());
    }

    /// Restores the findings of a shard that was made before.
    ///
    /// @param note the note passed to [ShardSink#finishShard]
    void restore(String note) {
        Findings found = FindingsJson.read(note, plan);
        Map<String, List<Findings>> byTensor = new HashMap<>();
        found.nonFinite()
                .forEach(t ->
                        byTensor.computeIfAbsent(t.output().name(), _ -> new ArrayList<>())
                                .add(new Findings(List.of(t), List.of(), List.of())));
        found.quantised()
                .forEach(e ->
                        byTensor.computeIfAbsent(e.tensor(), _ -> new ArrayList<>())
                                .add(new Findings(List.of(), List.of(e), List.of())));
        found.truncated()
                .forEach(t ->
                        byTensor.computeIfAbsent(t.tensor(), _ -> new ArrayList<>())
                                .add(new Findings(List.of(), List.of(), List.of(t))));
        byTensor.forEach((name, all) -> findings.put(name, Findings.of(all)));
    }

    /// The findings in the tensors that were made.
    public Findings findings() {
        return found(plan.tasks());
    }
}
