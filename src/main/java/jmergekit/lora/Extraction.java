package jmergekit.lora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import jmergekit.engine.InputFiles;
import jmergekit.engine.InputTensors;
import jmergekit.engine.Progress;
import jmergekit.engine.Unreadable;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

/// Computes an adapter's contents, with modules in parallel: factors, which go to a scratch file,
/// and the list of modules that are kept whole.
public final class Extraction {
    /// Bytes of matrices that all threads together hold in memory. Larger matrices are read again
    /// for each product.
    private static final long MATRICES = 512L << 20;

    private final ExtractionPlan plan;
    private final int threads;
    private final Progress progress;
    private final TileOps ops = TileOps.best();
    private final Map<String, ModuleResult> results = new ConcurrentHashMap<>();
    private final KeptModules kept = new KeptModules();
    private final SortedSet<String> lost = new ConcurrentSkipListSet<>();
    private final Queue<TensorPair> biases = new ConcurrentLinkedQueue<>();
    private final FusedModules fused;
    private final AtomicBoolean failed = new AtomicBoolean();

    /// @param threads number of threads; the output does not depend on it
    public Extraction(ExtractionPlan plan, int threads, Progress progress) {
        this.plan = plan;
        this.fused = FusedModules.of(plan);
        this.threads = threads;
        this.progress = progress;
    }

    /// Computes the adapter. Throws a [MergeException] if nothing differs, or if PEFT could not
    /// load the adapter.
    ///
    /// @param scratch path of the file to create for the factors
    public ExtractionResult compute(Path scratch) {
        InputFiles used = InputFiles.of(plan.states(), plan.inputFiles(), List.of());
        used.check();
        try (InputTensors inputs = new InputTensors(plan.inputs(), ops);
                FactorStore store = FactorStore.create(scratch)) {
            try (Workers workers = new Workers(threads)) {
                workers.runAll(jobs(inputs, store, used));
            }
            refuseNothing();
            fused.evenOut(results, store);
            ExpertParameters.Joined experts =
                    new ExpertParameters(plan.parameters()).join(results, store);
            kept.addNamesakes(plan.whole(), new TargetNames(plan.modules(), factors()));
            used.check();
            return result(experts, store.stored());
        }
    }

    /// Largest first, so that no single thread is left working at the end.
    private List<Runnable> jobs(InputTensors inputs, FactorStore store, InputFiles used) {
        Function<ModuleWork, Unreadable> reason =
                m -> new Unreadable(" in module '%s'".formatted(m.module()), inputs, used::check);
        Comparison comparison = new Comparison(inputs);
        List<Runnable> jobs = new ArrayList<>();
        long budget = MATRICES / threads;
        plan.decomposed().stream()
                .sorted(
                        Comparator.comparingLong(
                                (ModuleWork.Decomposed m) -> -m.shape().elements()))
                .map(m -> extraction(m, inputs, store, budget))
                .forEach(e -> jobs.add(job(e.module(), reason, () -> run(e))));
        plan.whole().forEach(w -> jobs.add(job(w, reason, () -> choose(w, comparison))));
        plan.biases().forEach(b -> jobs.add(job(b, reason, () -> keep(b, comparison))));
        plan.unheld().forEach(u -> jobs.add(job(u, reason, () -> compare(u, comparison))));
        return jobs;
    }

    private ModuleExtraction extraction(
            ModuleWork.Decomposed module, InputTensors inputs, FactorStore store, long budget) {
        boolean keepsBiases = plan.keepsBiases();
        return new ModuleExtraction(
                module, plan.options(), inputs, ops, store, keepsBiases, budget);
    }

    private Runnable job(
            ModuleWork module, Function<ModuleWork, Unreadable> reason, Runnable work) {
        return () -> {
            if (failed.get()) {
                return;
            }
            boolean done = false;
            try {
                done =
                        reason.apply(module)
                                .guard(
                                        module::sources,
                                        () -> {
                                            work.run();
                                            return true;
                                        });
            } finally {
                failed.compareAndSet(false, !done);
            }
        };
    }

    private void run(ModuleExtraction extraction) {
        ModuleWork.Decomposed module = extraction.module();
        results.put(module.module(), extraction.run());
        progress.finished(module.module(), module.weight().spec().bytes());
    }

    private void choose(ModuleWork.Whole module, Comparison comparison) {
        if (!module.ifChanged() || module.tensors().stream().anyMatch(comparison::differs)) {
            kept.add(module);
        }
    }

    private void keep(ModuleWork.Biases module, Comparison comparison) {
        module.tensors().stream().filter(comparison::differs).forEach(biases::add);
    }

    private void compare(ModuleWork.Unheld module, Comparison comparison) {
        module.tensors().stream().filter(comparison::differs).forEach(t -> lost.add(t.stored()));
    }

    private List<String> factors() {
        return plan.decomposed().stream()
                .filter(m -> !m.isExpert() && results.get(m.module()).stored())
                .map(ModuleWork.Decomposed::module)
                .sorted()
                .toList();
    }

    private void refuseNothing() {
        if (kept.isEmpty()
                && biases.isEmpty()
                && results.values().stream().noneMatch(ModuleResult::stored)) {
            throw new MergeException(
                    Problem.input(
                                    plan.model().reference().toString(),
                                    "does not differ from its base in any of the modules compared")
                            .hint(
                                    lost.isEmpty()
                                            ? "is it the right model?"
                                            : "'%s' changed, but an adapter cannot store it"
                                                    .formatted(lost.first())));
        }
    }

    private ExtractionResult result(ExpertParameters.Joined experts, List<Source.Stored> stored) {
        List<ModuleResult> modules =
                plan.decomposed().stream().map(m -> results.get(m.module())).toList();
        boolean differences =
                stored.stream().anyMatch(t -> t.spec().name().endsWith(".lora_B.bias"));
        boolean transposed =
                plan.decomposed().stream()
                        .filter(m -> m.layout() == Layout.TRANSPOSED && !m.isExpert())
                        .anyMatch(m -> results.get(m.module()).stored());
        return new ExtractionResult(
                plan,
                modules,
                kept.names(),
                List.copyOf(lost),
                fused.rank(results),
                experts,
                differences,
                transposed,
                tasks(experts, stored));
    }

    private List<TensorTask> tasks(ExpertParameters.Joined experts, List<Source.Stored> factors) {
        SortedMap<String, TensorTask> tasks = new TreeMap<>();
        Stream.concat(
                        factors.stream().map(f -> copy(f.spec(), f)),
                        kept.tensors()
                                .map(t ->
                                        copy(
                                                t.spec().withName(Layout.wholeName(t.name())),
                                                t.model())))
                .forEach(t -> tasks.put(t.output().name(), t));
        biases.forEach(b -> {
            TensorTask task = copy(b.spec().withName(experts.biasName(b)), b.model());
            tasks.put(task.output().name(), task);
        });
        return List.copyOf(tasks.values());
    }

    private static TensorTask copy(TensorSpec output, Source source) {
        return new TensorTask(
                output,
                List.of(new TaskInput(ExtractionResult.FINE_TUNE, source)),
                new Work.Copy());
    }
}
