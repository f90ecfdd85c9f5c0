package jmergekit.evolve;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import jmergekit.PlanSettings;
import jmergekit.RunSettings;

/// The options of a search.
///
/// @param algorithm name as in [jmergekit.search.Searchers]
/// @param evaluations maximum number of candidates
/// @param sigma0 initial step size, as a fraction of a bounded variable's range
/// @param population candidates per generation
/// @param seed for random draws
/// @param slots number of candidates scored at the same time
/// @param lookahead how many candidates are proposed before the results of earlier ones are known.
///     It affects which candidates are proposed; the order in which evaluations finish does not
/// @param gpus number of slots with their own GPU
/// @param time limit after which no candidate is started
/// @param trialTime timeout for the evaluation of a candidate
/// @param patience number of candidates without an improvement after which the search ends
/// @param saveFinalModel whether the winner is written as a model
/// @param resume whether to continue an earlier search in the same folder
public record SearchOptions(
        String algorithm,
        long evaluations,
        double sigma0,
        OptionalInt population,
        long seed,
        int slots,
        int lookahead,
        int gpus,
        Optional<Duration> time,
        Optional<Duration> trialTime,
        OptionalLong patience,
        boolean saveFinalModel,
        boolean resume,
        PlanSettings plan,
        RunSettings run) {
    /// The default lookahead of a new search, chosen so that slots rarely wait for each other.
    public static int usualLookahead(int slots) {
        return slots == 1 ? 1 : 2 * slots;
    }

    /// The same options with another lookahead.
    SearchOptions lookahead(int value) {
        return new SearchOptions(
                algorithm,
                evaluations,
                sigma0,
                population,
                seed,
                slots,
                value,
                gpus,
                time,
                trialTime,
                patience,
                saveFinalModel,
                resume,
                plan,
                run);
    }

    /// Settings for making the model in a slot: on the slot's own GPU, if it has one and models are
    /// made on GPUs.
    RunSettings run(int slot) {
        boolean onGpu = run.device().equals("cuda") && slot < gpus;
        return onGpu ? run.device("cuda:" + slot) : run;
    }

    /// Settings for writing the winner: on all cores, and synced to disk.
    RunSettings finalRun() {
        return run.threads(Runtime.getRuntime().availableProcessors()).sync(true).overwrite(true);
    }

    /// Whether each task is a separate objective.
    boolean hasSeveralObjectives() {
        return algorithm.equals("nsga2");
    }

    OptionalInt gpu(int slot) {
        return slot < gpus ? OptionalInt.of(slot) : OptionalInt.empty();
    }
}
