package jmergekit.lora;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import jmergekit.engine.OpenFiles;
import jmergekit.engine.OutputFile;
import jmergekit.engine.OutputFolder;
import jmergekit.engine.Progress;
import jmergekit.engine.Workers;
import jmergekit.kernel.TileOps;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.ShardLayout;
import jmergekit.safetensors.ShardWriter;
import jmergekit.tensor.TensorSpec;

/// Carries out an extraction: all modules beside each other, then the weights file, then the others.
public final class ExtractionRun {
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String SCRATCH = ".factors";

    /// Matrices held in memory by all threads together, in bytes. Larger ones are read again for each
    /// product.
    private static final long MATRICES = 512L << 20;

    private final ExtractionPlan plan;
    private final int threads;
    private final Progress progress;
    private final TileOps ops = TileOps.best();
    private final Map<String, ModuleResult> results = new ConcurrentHashMap<>();
    private final SortedMap<String, WholeTensor> wholeTensors = new TreeMap<>();
    private final List<String> wholeModules = new ArrayList<>();
    private final AtomicBoolean failed = new AtomicBoolean();

    /// @param threads how many work at once; the output does not depend on it
    public ExtractionRun(ExtractionPlan plan, int threads, Progress progress) {
        this.plan = plan;
        this.threads = threads;
        this.progress = progress;
    }

    /// Writes the adapter. The folder appears complete or not at all.
    ///
    /// @param otherFiles all but the weights, the one that makes the folder loadable last
    public ExtractionResult write(
            OutputFolder folder, Function<ExtractionResult, List<OutputFile>> otherFiles) {
        try (folder) {
            ExtractionResult result = writeWeights(folder);
            otherFiles.apply(result).forEach(folder::add);
            folder.publish();
            return result;
        }
    }

    private ExtractionResult writeWeights(OutputFolder folder) {
        try (OpenFiles files = new OpenFiles(ops);
                FactorStore store = FactorStore.create(folder.partial().resolve(SCRATCH))) {
            try (Workers workers = new Workers(threads)) {
                workers.runAll(tasks(files, store));
            }
            refuseNothing();
            List<TensorSpec> specs = new ArrayList<>(store.specs());
            wholeTensors.values().forEach(t -> specs.add(t.spec()));
            specs.sort(Comparator.comparing(TensorSpec::name));
            ShardLayout layout = ShardLayout.single(WEIGHTS, specs);
            try (ShardWriter writer = folder.weights(layout)) {
                for (TensorSpec spec : store.specs()) {
                    store.copy(spec, (at, bytes) -> writer.write(spec.name(), at, bytes));
                }
                wholeTensors.forEach((name, tensor) ->
                        tensor.copy((at, bytes) -> writer.write(name, at, bytes)));
                writer.finish();
            }
            return result(store.specs(), layout.totalBytes());
        }
    }

    /// The largest first, so that no thread is left alone with one at the end.
    private List<Runnable> tasks(OpenFiles files, FactorStore store) {
        List<Runnable> tasks = new ArrayList<>();
        long budget = MATRICES / threads;
        plan.decomposed().stream()
                .sorted(
                        Comparator.comparingLong(
                                (ModuleWork.Decomposed m) -> -m.shape().elements()))
                .map(m -> new ModuleExtraction(m, plan.options(), files, ops, store, budget))
                .forEach(e -> tasks.add(() -> runUnlessFailed(() -> run(e), e.module().module())));
        for (ModuleWork.Whole whole : plan.whole()) {
            tasks.add(() -> runUnlessFailed(() -> choose(whole, files), whole.module()));
        }
        return tasks;
    }

    private void runUnlessFailed(Runnable task, String module) {
        if (failed.get()) {
            return;
        }
        boolean done = false;
        try {
            task.run();
            done = true;
        } catch (InternalError e) {
            // What a mapped file does when somebody shortens it while it is read.
            throw new MergeException(
                    Problem.input(
                                    plan.model().reference().toString(),
                                    "an input file of module '%s' changed while it was read"
                                            .formatted(module))
                            .hint("leave the models alone during an extraction, and start again"),
                    e);
        } finally {
            failed.compareAndSet(false, !done);
        }
    }

    private void run(ModuleExtraction extraction) {
        ModuleWork.Decomposed module = extraction.module();
        results.put(module.module(), extraction.run());
        progress.finished(module.module(), module.weight().spec().bytes());
    }

    private void choose(ModuleWork.Whole module, OpenFiles files) {
        List<WholeTensor> tensors =
                module.tensors().stream().map(t -> new WholeTensor(t, files, ops)).toList();
        if (!module.ifChanged() || tensors.stream().anyMatch(WholeTensor::isChanged)) {
            synchronized (wholeTensors) {
                wholeModules.add(module.module());
                tensors.forEach(t -> wholeTensors.put(t.spec().name(), t));
            }
        }
    }

    private void refuseNothing() {
        if (wholeTensors.isEmpty() && results.values().stream().noneMatch(ModuleResult::stored)) {
            throw new MergeException(
                    Problem.input(
                                    plan.model().reference().toString(),
                                    "differs from its base in none of the modules looked at")
                            .hint("is it the right model?"));
        }
    }

    private ExtractionResult result(List<TensorSpec> stored, long bytes) {
        List<ModuleResult> modules =
                plan.decomposed().stream().map(m -> results.get(m.module())).toList();
        boolean biases = stored.stream().anyMatch(t -> t.name().endsWith(".lora_B.bias"));
        boolean turned =
                plan.decomposed().stream()
                        .filter(m -> m.layout() == Layout.TRANSPOSED)
                        .anyMatch(m -> results.get(m.module()).stored());
        List<String> whole = wholeModules.stream().sorted().toList();
        return new ExtractionResult(plan, modules, whole, biases, turned, bytes);
    }
}
