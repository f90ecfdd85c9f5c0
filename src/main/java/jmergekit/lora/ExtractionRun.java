package jmergekit.lora;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import jmergekit.engine.InputFiles;
import jmergekit.engine.NonFiniteReport;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.OpenFiles;
import jmergekit.engine.Progress;
import jmergekit.engine.Review;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.safetensors.ShardLayout;
import jmergekit.safetensors.ShardWriter;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

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
    private final SortedSet<String> wholeModules = new ConcurrentSkipListSet<>();
    private final SortedSet<String> lost = new ConcurrentSkipListSet<>();
    private final List<NonFiniteTensor> notFinite = new ArrayList<>();
    private final FusedModules fused;
    private final AtomicBoolean failed = new AtomicBoolean();

    /// @param threads how many work at once; the output does not depend on it
    public ExtractionRun(ExtractionPlan plan, int threads, Progress progress) {
        this.plan = plan;
        this.fused = FusedModules.of(plan);
        this.threads = threads;
        this.progress = progress;
    }

    /// Writes the adapter. The folder appears complete or not at all.
    ///
    /// @param copied files of the model that the adapter gets
    /// @param otherFiles the others but the weights, the one that makes the folder loadable last
    /// @param review looks at the numbers before anything is published
    public ExtractionResult write(
            OutputFolder folder,
            List<OutputFile> copied,
            Function<ExtractionResult, List<OutputFile>> otherFiles,
            Review review) {
        try (folder) {
            InputFiles used = InputFiles.of(plan.states(), plan.inputFiles(), copied);
            used.check();
            ExtractionResult result = weights(folder, used);
            used.check();
            List<OutputFile> files = new ArrayList<>(copied);
            files.addAll(otherFiles.apply(result));
            review.files(new NonFiniteReport(notFinite), files).forEach(folder::add);
            used.check();
            folder.publish();
            return result;
        }
    }

    private ExtractionResult weights(OutputFolder folder, InputFiles used) {
        try {
            return writeWeights(folder, used);
        } catch (InternalError e) {
            throw unreadable("", used, e);
        }
    }

    // What a mapped file does when somebody shortens it while it is read, or when its disk fails.
    private MergeException unreadable(String where, InputFiles used, InternalError e) {
        used.check();
        try (OpenFiles files = new OpenFiles(ops)) {
            plan.inputs().forEach(files::probe);
        }
        return new MergeException(
                Problem.input(
                                "'%s' or '%s'"
                                        .formatted(
                                                plan.model().reference(), plan.base().reference()),
                                "a file could not be read" + where)
                        .hint(
                                "check the disk, leave the models alone during an extraction, and"
                                        + " start again"),
                e);
    }

    private ExtractionResult writeWeights(OutputFolder folder, InputFiles used) {
        try (OpenFiles files = new OpenFiles(ops);
                FactorStore store = FactorStore.create(folder.partial().resolve(SCRATCH))) {
            try (Workers workers = new Workers(threads)) {
                workers.runAll(tasks(files, store, used));
            }
            refuseNothing();
            fused.evenOut(results, store);
            keepNamesakes(files);
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
                specs.forEach(spec -> note(spec, writer));
            }
            return result(store.specs(), layout.totalBytes());
        }
    }

    // Differences that are not finite were refused. What is left are tensors that are copied, and
    // factors too large for their dtype.
    private void note(TensorSpec spec, ShardWriter writer) {
        long count = writer.nonFinite(spec.name());
        if (count > 0) {
            List<NonFiniteTensor.Input> inputs =
                    Optional.ofNullable(wholeTensors.get(spec.name())).stream()
                            .map(t ->
                                    new NonFiniteTensor.Input(
                                            plan.model().reference().toString(),
                                            t.pair().spec().name(),
                                            count))
                            .toList();
            notFinite.add(new NonFiniteTensor(spec, count, inputs));
        }
    }

    /// The largest first, so that no thread is left alone with one at the end.
    private List<Runnable> tasks(OpenFiles files, FactorStore store, InputFiles used) {
        List<Runnable> tasks = new ArrayList<>();
        long budget = MATRICES / threads;
        plan.decomposed().stream()
                .sorted(
                        Comparator.comparingLong(
                                (ModuleWork.Decomposed m) -> -m.shape().elements()))
                .map(m -> new ModuleExtraction(m, plan.options(), files, ops, store, budget))
                .forEach(e ->
                        tasks.add(() -> runUnlessFailed(() -> run(e), e.module().module(), used)));
        for (ModuleWork.Whole whole : plan.whole()) {
            tasks.add(() -> runUnlessFailed(() -> choose(whole, files), whole.module(), used));
        }
        for (ModuleWork.Unheld unheld : plan.unheld()) {
            tasks.add(() -> runUnlessFailed(() -> compare(unheld, files), unheld.module(), used));
        }
        return tasks;
    }

    private void runUnlessFailed(Runnable task, String module, InputFiles used) {
        if (failed.get()) {
            return;
        }
        boolean done = false;
        try {
            task.run();
            done = true;
        } catch (InternalError e) {
            throw unreadable(" in module '%s'".formatted(module), used, e);
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
        List<WholeTensor> tensors = tensors(module.tensors(), files);
        if (!module.ifChanged() || tensors.stream().anyMatch(WholeTensor::isChanged)) {
            keep(module, tensors);
        }
    }

    private void keep(ModuleWork.Whole module, List<WholeTensor> tensors) {
        synchronized (wholeTensors) {
            wholeModules.add(module.module());
            tensors.forEach(t -> wholeTensors.put(t.spec().name(), t));
        }
    }

    private List<WholeTensor> tensors(List<TensorPair> pairs, OpenFiles files) {
        return pairs.stream().map(t -> new WholeTensor(t, files, ops)).toList();
    }

    private void compare(ModuleWork.Unheld module, OpenFiles files) {
        for (WholeTensor tensor : tensors(module.tensors(), files)) {
            if (tensor.isChanged()) {
                lost.add(tensor.pair().stored());
            }
        }
    }

    /// A module whose full name means others as well is kept together with them.
    private void keepNamesakes(OpenFiles files) {
        Map<String, ModuleWork.Whole> left = new HashMap<>();
        plan.whole().forEach(w -> left.put(w.module(), w));
        TargetNames names = new TargetNames(plan.modules(), factors());
        Deque<String> open = new ArrayDeque<>(wholeModules);
        while (!open.isEmpty()) {
            String module = open.remove();
            Set<String> strays = names.strays(module, wholeModules);
            for (String stray : strays.stream().sorted().toList()) {
                ModuleWork.Whole also = left.get(stray);
                if (also == null) {
                    throw unnameable(module, stray);
                }
                keep(also, tensors(also.tensors(), files));
                open.add(stray);
            }
        }
    }

    private MergeException unnameable(String module, String stray) {
        return new MergeException(
                Problem.input(
                                module,
                                "PEFT cannot keep this module whole, because its name also means"
                                        + " '%s'".formatted(stray))
                        .hint(
                                "keep that whole too with --save-module '%s', or leave this one out"
                                                .formatted(stray)
                                        + " with --exclude-regex"));
    }

    private List<String> factors() {
        return results.values().stream()
                .filter(ModuleResult::stored)
                .map(ModuleResult::module)
                .sorted()
                .toList();
    }

    private void refuseNothing() {
        if (wholeTensors.isEmpty() && results.values().stream().noneMatch(ModuleResult::stored)) {
            throw new MergeException(
                    Problem.input(
                                    plan.model().reference().toString(),
                                    "differs from its base in none of the modules looked at")
                            .hint(
                                    lost.isEmpty()
                                            ? "is it the right model?"
                                            : "'%s' changed, but an adapter has no place for it"
                                                    .formatted(lost.first())));
        }
    }

    private ExtractionResult result(List<TensorSpec> stored, long bytes) {
        List<ModuleResult> modules =
                plan.decomposed().stream().map(m -> results.get(m.module())).toList();
        boolean biases = stored.stream().anyMatch(t -> t.name().endsWith(".lora_B.bias"));
        boolean transposed =
                plan.decomposed().stream()
                        .filter(m -> m.layout() == Layout.TRANSPOSED)
                        .anyMatch(m -> results.get(m.module()).stored());
        return new ExtractionResult(
                plan,
                modules,
                List.copyOf(wholeModules),
                List.copyOf(lost),
                fused.rank(results),
                biases,
                transposed,
                bytes);
    }
}
