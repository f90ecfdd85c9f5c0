package jmergekit.cli;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import jmergekit.cpu.CpuExecutor;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFiles;
import jmergekit.engine.PlanRun;
import jmergekit.engine.RunThreads;
import jmergekit.engine.StoredComparison;
import jmergekit.method.MergeMethods;
import jmergekit.plan.TensorTask;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Cancellation;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightHeader;

/// Compares the weights of an output with its plan: all headers, and the bytes of a sample.
///
/// @param model the output as it was typed
/// @param problems receives what differs
record MadeAgain(
        BoundPlan bound, Path folder, String model, MergeMethods methods, Problems problems) {
    private static final int SHOWN = 3;

    /// A planned tensor and its stored counterpart.
    private record Pair(TensorTask task, TensorLocation stored) {}

    /// Checks the headers of all shards: names, dtypes and shapes of tensors.
    void checkHeaders() {
        Problems unreadable = new Problems();
        Map<String, TensorLocation> stored = stored(unreadable);
        problems.addAll(unreadable);
        if (unreadable.hasErrors()) {
            return;
        }
        Set<String> unplanned = new TreeSet<>(stored.keySet());
        List<String> missing = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (TensorTask task : bound.plan().tasks()) {
            TensorSpec planned = task.output();
            unplanned.remove(planned.name());
            TensorLocation found = stored.get(planned.name());
            if (found == null) {
                missing.add(planned.name());
            } else if (!found.entry().spec().equals(planned)) {
                other.add(
                        "%s is %s, planned %s"
                                .formatted(
                                        planned.name(), text(found.entry().spec()), text(planned)));
            }
        }
        tell("tensor(s) with another dtype or shape than planned", other);
        tell("tensor(s) of the plan missing", missing);
        tell("tensor(s) not in the plan", List.copyOf(unplanned));
    }

    private static String text(TensorSpec spec) {
        return spec.dtype() + " " + spec.shape();
    }

    private void tell(String what, List<String> names) {
        if (!names.isEmpty()) {
            problems.add(
                    Problem.input(model, "%d %s".formatted(names.size(), what))
                            .found(ShortList.of(names, SHOWN)));
        }
    }

    // The tensors of the plan's shards, by name.
    private Map<String, TensorLocation> stored(Problems wrong) {
        Map<String, TensorLocation> stored = new HashMap<>();
        ShardLayout shards = bound.plan().shards();
        for (ShardLayout.Shard shard : shards.shards()) {
            Path file = folder.resolve(shard.fileName());
            if (!Files.isRegularFile(file)) {
                wrong.add(Problem.input(model + "/" + shard.fileName(), "no such file"));
                continue;
            }
            try {
                WeightHeader header = shards.format().format().reader().apply(file);
                header.entries()
                        .forEach(e -> stored.put(e.spec().name(), new TensorLocation(header, e)));
            } catch (MergeException e) {
                wrong.add(e);
            }
        }
        return stored;
    }

    /// Recomputes tensors and compares their bytes with the stored ones.
    ///
    /// @param count the maximum number of tensors
    /// @param seed the seed for choosing the tensors
    /// @return the recomputed tensors
    List<TensorTask> compareBytes(
            int count, long seed, RunThreads threads, ProgressDisplays displays) {
        Map<String, TensorLocation> known = stored(problems);
        List<Pair> sample =
                bound.plan().tasks().stream()
                        .filter(t -> t.output().bytes() > 0)
                        .map(t -> new Pair(t, known.get(t.output().name())))
                        .sorted(
                                Comparator.comparingLong(
                                        p -> CounterRandom.key(seed, p.task().output().name(), 0)))
                        .limit(count)
                        .toList();
        List<TensorTask> tasks = sample.stream().map(Pair::task).toList();
        Map<WeightHeader, WeightFile> files = new IdentityHashMap<>();
        InputFiles used = InputFiles.of(bound.inputs().states(), bound.weightFiles(), List.of());
        used.check();
        try {
            Map<String, MemorySegment> stored = new HashMap<>();
            for (Pair pair : sample) {
                TensorLocation at = pair.stored();
                stored.put(
                        pair.task().output().name(),
                        files.computeIfAbsent(at.header(), WeightFile::open).bytes(at.entry()));
            }
            StoredComparison comparison = new StoredComparison(stored);
            try (ProgressDisplay progress = displays.of(tasks);
                    CpuExecutor executor = new CpuExecutor(TileOps.best())) {
                new PlanRun(bound, methods, threads, executor, progress, new Cancellation())
                        .makeTensors(stored.keySet(), comparison, MadeAgain::scratch, used::check);
            }
            used.check();
            tell("tensor(s) differ from those that a run makes now", comparison.differing());
        } finally {
            files.values().forEach(WeightFile::close);
        }
        return tasks;
    }

    /// Opens a progress display.
    interface ProgressDisplays {
        ProgressDisplay of(List<TensorTask> tasks);
    }

    private static Path scratch() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        return folder.resolve("jmergekit-" + UUID.randomUUID());
    }

    /// Input files modified after the output was written.
    List<Path> newerInputs() {
        long written = time(folder.resolve("config.json"));
        return bound.weightFiles().stream().filter(f -> time(f) > written).toList();
    }

    private static long time(Path file) {
        return Files.exists(file) ? file.toFile().lastModified() : 0;
    }
}
