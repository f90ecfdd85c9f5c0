package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.search.SearchSettings;
import jmergekit.search.Searchers;
import picocli.CommandLine.Option;

/// How `evolve` searches and scores.
final class EvolveOptions {
    private static final String NOTHING = MergeOptions.NOTHING;
    private static final int MOST_JOBS = 1024;
    private static final double LARGEST_SIGMA = 1e6;
    static final List<String> STRATEGIES = List.of("pool", "buffered", "serial");

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            completionCandidates = Candidates.Algorithms.class,
            defaultValue = "cma-es",
            description =
                    "The search algorithm: cma-es; nsga2, where each task is a separate "
                            + "objective; random; or grid. Default: ${DEFAULT-VALUE}.")
    String algorithm;

    @Option(
            names = "--max-fevals",
            paramLabel = "N",
            defaultValue = "100",
            description = "Maximum number of candidates to evaluate. Default: ${DEFAULT-VALUE}.")
    long evaluations;

    @Option(
            names = "--sigma0",
            paramLabel = "SIGMA",
            description =
                    "Initial step size around the start: a fraction of the range for variables "
                            + "with bounds, otherwise in the variable's own unit. Default: 1/6.")
    Optional<Double> sigma0 = Optional.empty();

    @Option(
            names = "--force-population-size",
            paramLabel = "N",
            description =
                    "Candidates per generation. Default: chosen from the number of variables.")
    Optional<Integer> population = Optional.empty();

    @Option(
            names = "--random-seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description =
                    "Random seed for the search, the merges and the evaluator. Default: "
                            + "${DEFAULT-VALUE}.")
    long seed;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description =
                    "Number of candidates to score in parallel. Default: one per GPU of "
                            + "--num-gpus; one per core with the built-in evaluator, if memory "
                            + "allows; otherwise 1.")
    Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--num-gpus",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Give each of the first N jobs its own GPU, the only one its evaluator sees. "
                            + "Default: ${DEFAULT-VALUE}, which leaves the choice to the "
                            + "evaluator.")
    int gpus;

    @Option(
            names = "--merge-cuda",
            negatable = true,
            description = "Compute the merges on a GPU, using the job's own if it has one.")
    boolean mergeCuda;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description =
                    "Start no new candidates after this time; continue the search with "
                            + "--resume.")
    Optional<Double> timeout = Optional.empty();

    @Option(
            names = "--trial-timeout",
            paramLabel = "SECONDS",
            description = "Stop evaluating a candidate after this time and count it as failed.")
    Optional<Double> trialTimeout = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after N candidates in a row without a new best.")
    Optional<Long> patience = Optional.empty();

    @Option(
            names = "--save-final-model",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Write the best candidate's model to final_model (default).")
    boolean saveFinalModel;

    @Option(names = "--resume", description = "Continue the search stored in the folder.")
    boolean resume;

    @Option(
            names = "--dry-run",
            description =
                    "Print the search space and the first recipe; make and score one candidate "
                            + "to estimate how long the search would take. Keeps nothing.")
    boolean dryRun;

    @Option(
            names = {
                "--allow-benchmark-tasks",
                "--i-understand-the-depths-of-the-evils-i-am-unleashing"
            },
            description =
                    "Allow public benchmarks as tasks. A model found by searching on a benchmark "
                            + "no longer has an honest score on it.")
    boolean allowBenchmarks;

    @Option(
            names = "--allow-crimes",
            negatable = true,
            description = "Allow mixing models of different architectures.")
    boolean allowCrimes;

    @Option(
            names = "--transformers-cache",
            paramLabel = "DIR",
            description =
                    "Cache folder for downloaded models. Default: the cache of the hub's own "
                            + "client.")
    Optional<String> transformersCache = Optional.empty();

    @Option(
            names = "--vllm",
            negatable = true,
            description = "Let lm-evaluation-harness run models with vLLM.")
    boolean vllm;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Passed to lm-evaluation-harness: a number, or auto.")
    Optional<String> batchSize = Optional.empty();

    @Option(
            names = "--task-search-path",
            paramLabel = "DIR",
            description = "A folder with additional lm-evaluation-harness tasks. May be repeated.")
    List<String> taskFolders = new ArrayList<>();

    @Option(
            names = "--load-in-8bit",
            negatable = true,
            description = "Passed to lm-evaluation-harness: quantise models to 8 bits.")
    boolean loadIn8Bit;

    @Option(
            names = "--load-in-4bit",
            negatable = true,
            description = "Passed to lm-evaluation-harness: quantise models to 4 bits.")
    boolean loadIn4Bit;

    @Option(
            names = "--trust-remote-code",
            negatable = true,
            description =
                    "Passed to lm-evaluation-harness: run remote code of models. Merges never do.")
    boolean trustRemoteCode;

    @Option(
            names = {"-s", "--strategy"},
            paramLabel = "NAME",
            completionCandidates = Candidates.Strategies.class,
            defaultValue = "pool",
            description =
                    "pool and buffered are the same: each free job takes the next candidate. "
                            + "serial: one at a time, like --jobs 1. Default: ${DEFAULT-VALUE}.")
    String strategy;

    @Option(
            names = "--in-memory",
            negatable = true,
            description =
                    NOTHING
                            + "the built-in evaluator always scores in memory; the others read a "
                            + "folder.")
    boolean inMemory;

    @Option(
            names = "--reshard",
            negatable = true,
            description = NOTHING + "models are read as stored and opened only once.")
    boolean reshard;

    @Option(
            names = "--wandb",
            negatable = true,
            description = NOTHING + "results go only to report.html.")
    boolean wandb;

    @Option(names = "--wandb-project", paramLabel = "NAME", description = NOTHING + "see --wandb.")
    Optional<String> wandbProject = Optional.empty();

    @Option(names = "--wandb-entity", paramLabel = "NAME", description = NOTHING + "see --wandb.")
    Optional<String> wandbEntity = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings, errors and the verdict.")
    boolean quiet;

    /// Refuses values that are out of range or contradict each other.
    void check(Problems problems) {
        oneOf("--algorithm", algorithm, Searchers.NAMES, problems);
        oneOf("--strategy", strategy, STRATEGIES, problems);
        atLeast("--max-fevals", evaluations, 1, problems);
        count("--num-gpus", gpus, 0, problems);
        jobs.ifPresent(n -> count("--jobs", n, 1, problems));
        patience.ifPresent(n -> atLeast("--patience", n, 1, problems));
        population.ifPresent(n -> between(n, problems));
        sigma0.ifPresent(s -> above("--sigma0", s, problems));
        if (sigma0.filter(s -> s > LARGEST_SIGMA && Double.isFinite(s)).isPresent()) {
            problems.add(
                    Problem.usage("--sigma0", "the initial step size is too large")
                            .expected("at most " + LARGEST_SIGMA)
                            .found(String.valueOf(sigma0.get())));
        }
        timeout.ifPresent(s -> above("--timeout", s, problems));
        trialTimeout.ifPresent(s -> above("--trial-timeout", s, problems));
        if (strategy.equals("serial") && jobs.filter(n -> n > 1).isPresent()) {
            problems.add(
                    Problem.usage("--strategy serial", "the option contradicts --jobs")
                            .hint("omit one of them"));
        }
        if (loadIn4Bit && loadIn8Bit) {
            problems.add(
                    Problem.usage("--load-in-4bit", "the option contradicts --load-in-8bit")
                            .hint("omit one of them"));
        }
    }

    private static void between(int population, Problems problems) {
        if (population < 2 || population > SearchSettings.LARGEST_POPULATION) {
            problems.add(
                    Problem.usage("--force-population-size", "not a valid population size")
                            .expected("2 to " + SearchSettings.LARGEST_POPULATION)
                            .found(String.valueOf(population)));
        }
    }

    private static void oneOf(String option, String given, List<String> names, Problems problems) {
        if (!names.contains(given)) {
            problems.add(
                    Problem.usage(
                                    option,
                                    "unknown name '%s'%s"
                                            .formatted(given, Suggestion.didYouMean(given, names)))
                            .expected("one of " + String.join(", ", names)));
        }
    }

    private static void atLeast(String option, long given, long least, Problems problems) {
        if (given < least) {
            problems.add(
                    Problem.usage(option, "needs a number of at least " + least)
                            .found(String.valueOf(given)));
        }
    }

    private static void count(String option, int given, int least, Problems problems) {
        if (given < least || given > MOST_JOBS) {
            problems.add(
                    Problem.usage(option, "needs a number of %d to %d".formatted(least, MOST_JOBS))
                            .found(String.valueOf(given)));
        }
    }

    private static void above(String option, double given, Problems problems) {
        if (!(given > 0) || Double.isInfinite(given)) {
            problems.add(
                    Problem.usage(option, "needs a number above 0").found(String.valueOf(given)));
        }
    }
}
