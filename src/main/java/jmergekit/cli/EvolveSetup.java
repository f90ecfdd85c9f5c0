package jmergekit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.stream.Stream;
import jmergekit.Listener;
import jmergekit.ModelSettings;
import jmergekit.PlanSettings;
import jmergekit.RunSettings;
import jmergekit.config.EvaluatorConfig;
import jmergekit.config.EvolveConfig;
import jmergekit.config.Located;
import jmergekit.config.TaskConfig;
import jmergekit.evaluate.ApiKey;
import jmergekit.evaluate.BenchmarkTasks;
import jmergekit.evaluate.EvaluatorSettings;
import jmergekit.evaluate.Extraction;
import jmergekit.evaluate.Task;
import jmergekit.evolve.Objective;
import jmergekit.evolve.SearchOptions;
import jmergekit.hub.Hub;
import jmergekit.hub.HubSettings;
import jmergekit.model.ModelSources;
import jmergekit.pagecache.PageCache;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Sha256;
import jmergekit.remote.StoreModels;
import jmergekit.search.SearchSettings;
import jmergekit.threads.TransferThreads;
import jmergekit.weights.IoReason;

/// The setup of a search, from its file and the options of `evolve`.
record EvolveSetup(EvolveConfig config, EvolveOptions options, Console console) {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final double MILLIS = 1e3;

    /// About thirty years in seconds, which fits a nanosecond clock.
    private static final double LONGEST = 1e9;

    /// Refuses public benchmarks as tasks, unless they are allowed.
    void refuseBenchmarks(Problems problems) {
        if (options.allowBenchmarks || asksItself()) {
            return;
        }
        for (TaskConfig task : config.tasks()) {
            if (BenchmarkTasks.isBenchmark(task.name().value())) {
                problems.add(
                        Problem.recipe(
                                        task.name().at(),
                                        "'%s' is a public benchmark".formatted(task.name().value()))
                                .expected("tasks of your own")
                                .hint(
                                        "a model found by searching on a benchmark no longer has "
                                                + "an honest score on it; to use it anyway, give "
                                                + "--allow-benchmark-tasks"));
            }
        }
    }

    // Such tasks are the user's own files, whatever their names.
    private boolean asksItself() {
        return config.evaluator() instanceof EvaluatorConfig.BuiltIn
                || config.evaluator() instanceof EvaluatorConfig.Endpoint;
    }

    List<Task> tasks() {
        return config.tasks().stream().map(this::task).toList();
    }

    private Task task(TaskConfig task) {
        return new Task(
                task.name().value(),
                task.metric().map(Located::value),
                task.items().map(this::path),
                asksItself() ? task.heldOut().map(this::path) : Optional.empty(),
                asksItself() ? Optional.empty() : task.heldOut().map(Located::value),
                task.extract().map(Located::value).map(Extraction::of));
    }

    private Path path(Located<String> given) {
        return console.resolve(given.value());
    }

    Objective objective() {
        Map<String, Double> weights = new LinkedHashMap<>();
        config.tasks().forEach(t -> weights.put(t.name().value(), t.weight()));
        return new Objective(weights);
    }

    /// @param storage the search folder
    /// @param bytes the size of a model
    EvaluatorSettings evaluatorSettings(Path storage, long bytes) {
        return evaluatorSettings(storage, CORES, slots(bytes));
    }

    /// @param storage the search folder
    /// @param threads the threads of an evaluator that scores in this process
    /// @param slots how many models this process scores at the same time
    EvaluatorSettings evaluatorSettings(Path storage, int threads, int slots) {
        return new EvaluatorSettings(
                config.limit(),
                config.fewShot(),
                config.shuffle(),
                config.chatTemplate(),
                config.fewShotAsTurns(),
                options.seed,
                options.batchSize,
                options.taskFolders.stream().map(console::resolve).toList(),
                options.vllm,
                options.loadIn4Bit,
                options.loadIn8Bit,
                options.trustRemoteCode,
                threads,
                slots,
                ApiKey.of(console.environment()),
                storage);
    }

    /// What scores depend on besides the file and the models.
    String scoring() {
        StringJoiner all = new StringJoiner(" ");
        tasks().stream()
                .flatMap(t -> Stream.of(t.items(), t.heldOut()).flatMap(Optional::stream))
                .forEach(file -> all.add(checksum(file)));
        List.of(options.vllm, options.loadIn4Bit, options.loadIn8Bit)
                .forEach(flag -> all.add(flag.toString()));
        return Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String checksum(Path file) {
        try {
            return Sha256.hex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
    }

    ModelSettings modelSettings(Listener listener) {
        ModelSettings settings = ModelSettings.defaults().listener(listener);
        return options.transformersCache
                .map(console::resolve)
                .map(settings::cache)
                .orElse(settings);
    }

    ModelSources sources() {
        return new ModelSources(
                new Hub(
                        () ->
                                HubSettings.of(
                                        console.environment(),
                                        options.transformersCache,
                                        console.workingDirectory()),
                        new TransferThreads(),
                        new TransferDisplay(console, options.quiet)),
                StoreModels.of(console.environment(), console.workingDirectory()));
    }

    PlanSettings planSettings() {
        return PlanSettings.defaults()
                .allowCrimes(options.allowCrimes)
                .seed(options.seed)
                .title("final_model");
    }

    /// @param bytes the size of a model
    SearchOptions searchOptions(long bytes, Listener listener) {
        int slots = slots(bytes);
        return new SearchOptions(
                options.algorithm,
                options.evaluations,
                options.sigma0.orElse(SearchSettings.DEFAULT_SIGMA),
                options.population.map(OptionalInt::of).orElse(OptionalInt.empty()),
                options.seed,
                slots,
                SearchOptions.usualLookahead(slots),
                options.gpus,
                options.timeout.map(EvolveSetup::duration),
                options.trialTimeout.map(EvolveSetup::duration),
                options.patience.map(OptionalLong::of).orElse(OptionalLong.empty()),
                options.saveFinalModel,
                options.resume,
                planSettings(),
                runSettings(Math.max(1, CORES / slots)).listener(listener));
    }

    /// How candidate models are made.
    RunSettings runSettings(int threads) {
        return RunSettings.defaults()
                .threads(threads)
                .device(options.mergeCuda ? "cuda" : "cpu")
                .sync(false);
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(Math.min(seconds, LONGEST) * MILLIS));
    }

    private int slots(long bytes) {
        if (options.jobs.isPresent()) {
            return (int) Math.min(options.jobs.get(), options.evaluations);
        }
        if (options.strategy.equals("serial")) {
            return 1;
        }
        if (options.gpus > 0) {
            return options.gpus;
        }
        return config.evaluator() instanceof EvaluatorConfig.BuiltIn ? slotsInMemory(bytes) : 1;
    }

    // A model in memory takes its own size plus that of its widened blocks. Half of the memory
    // stays free for the inputs, which other jobs may be using.
    private static int slotsInMemory(long bytes) {
        long fit = PageCache.memory() / 2 / Math.max(1, 3 * bytes);
        return Math.clamp(fit, 1, CORES);
    }
}
