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
                    "How candidates are found: cma-es; nsga2, where each task is an objective of its own;"
                            + " random; grid. Default: ${DEFAULT-VALUE}.")
    String algorithm;

    @Option(
            names = "--max-fevals",
            paramLabel = "N",
            defaultValue = "100",
            description = "Most candidates to evaluate. Default: ${DEFAULT-VALUE}.")
    long evaluations;

    @Option(
            names = "--sigma0",
            paramLabel = "SIGMA",
            description =
                    "How far around the start the search begins: a share of the range of a variable with"
                            + " bounds, else in the variable's own unit. Default: 1/6.")
    Optional<Double> sigma0 = Optional.empty();

    @Option(
            names = "--force-population-size",
            paramLabel = "N",
            description =
                    "Candidates of a generation. Default: what suits the number of variables.")
    Optional<Integer> population = Optional.empty();

    @Option(
            names = "--random-seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description =
                    "Seed of the search, of the merges, and of the evaluator. Default:"
                            + " ${DEFAULT-VALUE}.")
    long seed;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description =
                    "Candidates to score at the same time. Default: one for each GPU of --num-gpus; one"
                            + " for each core with the built-in evaluator, if memory allows; else 1.")
    Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--num-gpus",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Give each of the first N jobs a GPU of its own, which evaluators see as their only one."
                            + " Default: ${DEFAULT-VALUE}, which leaves the choice to the evaluator.")
    int gpus;

    @Option(
            names = "--merge-cuda",
            negatable = true,
            description = "Compute the merges on a GPU, the job's own if it has one.")
    boolean mergeCuda;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Begin no candidate after this time; the search can go on with --resume.")
    Optional<Double> timeout = Optional.empty();

    @Option(
            names = "--trial-timeout",
            paramLabel = "SECONDS",
            description = "Stop the evaluation of a candidate after this time: it has failed.")
    Optional<Double> trialTimeout = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "End after N candidates in a row of which none is the best one.")
    Optional<Long> patience = Optional.empty();

    @Option(
            names = "--save-final-model",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Write the best candidate's model to final_model (default).")
    boolean saveFinalModel;

    @Option(names = "--resume", description = "Go on with the search that the folder holds.")
    boolean resume;

    @Option(
            names = "--dry-run",
            description =
                    "Print what is searched and the first recipe; make and score one candidate to tell how"
                            + " long the search would take. Keeps nothing.")
    boolean dryRun;

    @Option(
            names = {
                "--allow-benchmark-tasks",
                "--i-understand-the-depths-of-the-evils-i-am-unleashing"
            },
            description =
                    "Allow tasks that are public benchmarks. A model that was searched on a benchmark has"
                            + " no honest score there any more.")
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
                    "Where downloaded models are kept. Default: the cache that the hub's own client"
                            + " uses.")
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
            description = "A folder with more tasks of lm-evaluation-harness. May be repeated.")
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
                    "Passed to lm-evaluation-harness: run code that comes with a model. Merges never"
                            + " do.")
    boolean trustRemoteCode;

    @Option(
            names = {"-s", "--strategy"},
            paramLabel = "NAME",
            completionCandidates = Candidates.Strategies.class,
            defaultValue = "pool",
            description =
                    "pool and buffered: a job that is free takes the next candidate, whichever is given."
                            + " serial: one at a time, as --jobs 1. Default: ${DEFAULT-VALUE}.")
    String strategy;

    @Option(
            names = "--in-memory",
            negatable = true,
            description =
                    NOTHING
                            + "the built-in evaluator always scores in memory, and others read a"
                            + " folder.")
    boolean inMemory;

    @Option(
            names = "--reshard",
            negatable = true,
            description = NOTHING + "models are read as they are, and opened once.")
    boolean reshard;

    @Option(
            names = "--wandb",
            negatable = true,
            description = NOTHING + "results go to report.html and nowhere else.")
    boolean wandb;

    @Option(names = "--wandb-project", paramLabel = "NAME", description = NOTHING + "see --wandb.")
    Optional<String> wandbProject = Optional.empty();

    @Option(names = "--wandb-entity", paramLabel = "NAME", description = NOTHING + "see --wandb.")
    Optional<String> wandbEntity = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Say nothing but warnings, errors and the verdict.")
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
                    Problem.usage("--sigma0", "no search begins that wide")
                            .expected("at most " + LARGEST_SIGMA)
                            .found(String.valueOf(sigma0.get())));
        }
        timeout.ifPresent(s -> above("--timeout", s, problems));
        trialTimeout.ifPresent(s -> above("--trial-timeout", s, problems));
        if (strategy.equals("serial") && jobs.filter(n -> n > 1).isPresent()) {
            problems.add(
                    Problem.usage("--strategy serial", "the option contradicts --jobs")
                            .hint("leave one of them out"));
        }
        if (loadIn4Bit && loadIn8Bit) {
            problems.add(
                    Problem.usage("--load-in-4bit", "the option contradicts --load-in-8bit")
                            .hint("leave one of them out"));
        }
    }

    private static void between(int population, Problems problems) {
        if (population < 2 || population > SearchSettings.LARGEST_POPULATION) {
            problems.add(
                    Problem.usage("--force-population-size", "this is no size of a population")
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
