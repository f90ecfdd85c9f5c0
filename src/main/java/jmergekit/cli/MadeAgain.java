package jmergekit.cli;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import jmergekit.cpu.CpuExecutor;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFiles;
import jmergekit.engine.PlanRun;
import jmergekit.engine.RunThreads;
import jmergekit.engine.StoredComparison;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.threads.Cancellation;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.TileOps;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightHeader;

/// Compares the weights of an output with its plan: all headers, and the bytes of a sample.
///
/// @param model the output as it was typed
/// @param problems hears of what differs
record MadeAgain(BoundPlan bound, Path folder, String model, Problems problems) {
    /// What can be compared of a tensor.
    private record Pair(TensorTask task, TensorLocation stored) {}

    /// Looks at names, dtypes and shapes of all tensors.
    void checkHeaders() {
        pairs(true);
    }

    private List<Pair> pairs(boolean tells) {
        Checkpoint checkpoint = Checkpoint.open(folder, ModelFolder.FORMATS, problems);
        List<Pair> pairs = new ArrayList<>();
        Set<String> planned = new LinkedHashSet<>();
        for (TensorTask task : bound.plan().tasks()) {
            String name = task.output().name();
            planned.add(name);
            Optional<TensorLocation> stored = checkpoint.find(name);
            if (stored.isEmpty()) {
                tell(tells, Problem.input(model, "tensor '%s' is missing".formatted(name)));
            } else if (!stored.get().entry().spec().equals(task.output())) {
                tell(
                        tells,
                        Problem.input(model, "tensor '%s' is not as planned".formatted(name))
                                .expected(task.output().dtype() + " " + task.output().shape())
                                .found(
                                        stored.get().entry().spec().dtype()
                                                + " "
                                                + stored.get().entry().spec().shape()));
            } else {
                pairs.add(new Pair(task, stored.get()));
            }
        }
        checkpoint.tensors().stream()
                .filter(t -> !planned.contains(t.name()))
                .forEach(t ->
                        tell(
                                tells,
                                Problem.input(
                                        model,
                                        "tensor '%s' is not in the plan".formatted(t.name()))));
        return pairs;
    }

    private void tell(boolean tells, Problem problem) {
        if (tells) {
            problems.add(problem);
        }
    }

    /// Makes tensors again, and says of how many.
    ///
    /// @param count most of them
    /// @param seed another one draws other tensors
    List<TensorTask> compareBytes(
            int count, long seed, RunThreads threads, ProgressDisplays displays) {
        List<Pair> sample =
                pairs(false).stream()
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
                new PlanRun(
                                bound,
                                MergeMethods.builtIn(),
                                threads,
                                executor,
                                progress,
                                new Cancellation())
                        .makeTensors(stored.keySet(), comparison, MadeAgain::scratch, used::check);
            }
            used.check();
            comparison
                    .differing()
                    .forEach(name ->
                            problems.add(
                                    Problem.input(
                                            model,
                                            "tensor '%s' has other bytes than a run would make now"
                                                    .formatted(name))));
        } finally {
            files.values().forEach(WeightFile::close);
        }
        return tasks;
    }

    /// Shows how far the tensors are.
    interface ProgressDisplays {
        ProgressDisplay of(List<TensorTask> tasks);
    }

    private static Path scratch() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        return folder.resolve("jmergekit-" + UUID.randomUUID());
    }

    /// Input files that were written to after the output was.
    List<Path> newerInputs() {
        long written = time(folder.resolve("config.json"));
        return bound.weightFiles().stream().filter(f -> time(f) > written).toList();
    }

    private static long time(Path file) {
        return Files.exists(file) ? file.toFile().lastModified() : 0;
    }
}
