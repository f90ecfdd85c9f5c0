package jmergekit.evolve;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import jmergekit.PlanSettings;
import jmergekit.RunSettings;

/// How a search is carried out.
///
/// @param algorithm as [jmergekit.search.Searchers] calls it
/// @param evaluations most candidates
/// @param sigma0 how far from the start the search begins, as a share of a bounded variable's range
/// @param population candidates of a generation
/// @param seed of what is drawn at random
/// @param slots how many candidates are scored at the same time
/// @param lookahead how many candidates are proposed before the results of earlier ones are known. What is
///     proposed depends on it, and not on which evaluation ends first
/// @param gpus how many slots have a GPU of their own
/// @param time after which no candidate is begun
/// @param trialTime after which the evaluation of a candidate has failed
/// @param patience candidates without a better one after which the search ends
/// @param saveFinalModel whether the winner is written as a model
/// @param resume whether an earlier search in the same folder goes on
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
    /// How many candidates are proposed ahead in a search that begins, so that a slot seldom waits for
    /// another.
    public static int usualLookahead(int slots) {
        return slots == 1 ? 1 : 2 * slots;
    }

    /// With another lookahead.
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

    /// How the model in a slot is made: on the slot's own GPU, if it has one and GPUs make models.
    RunSettings run(int slot) {
        boolean onGpu = run.device().equals("cuda") && slot < gpus;
        return onGpu ? run.device("cuda:" + slot) : run;
    }

    /// How the winner is written: by itself, to last.
    RunSettings finalRun() {
        return run.threads(Runtime.getRuntime().availableProcessors()).sync(true).overwrite(true);
    }

    /// Whether each task is an objective of its own.
    boolean hasSeveralObjectives() {
        return algorithm.equals("nsga2");
    }

    OptionalInt gpu(int slot) {
        return slot < gpus ? OptionalInt.of(slot) : OptionalInt.empty();
    }
}
