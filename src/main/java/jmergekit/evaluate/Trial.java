package jmergekit.evaluate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.Cancellation;
import jmergekit.MergePlan;
import jmergekit.RunSettings;

/// A model to be scored.
///
/// @param plan the merge that produces the model
/// @param folder the model, if the evaluator reads a folder ([Evaluator#readsFolder])
/// @param out an empty folder for the evaluator's own files and its log
/// @param slot index among the evaluations that run at the same time, from 0
/// @param gpu the GPU reserved for this slot
/// @param seed for the evaluator's random draws
/// @param timeout after which the evaluation fails
/// @param run how the model is made, if the evaluator makes it; its cancellation stops the
///     evaluation
public record Trial(
        MergePlan plan,
        Optional<Path> folder,
        Path out,
        Split split,
        int slot,
        OptionalInt gpu,
        long seed,
        Optional<Duration> timeout,
        RunSettings run) {
    Cancellation cancellation() {
        return run.cancellation();
    }

    /// The absolute path of the folder, for evaluators that read one.
    Path model() {
        return folder.orElseThrow().toAbsolutePath();
    }
}
