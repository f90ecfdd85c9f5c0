package jmergekit.evaluate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.Cancellation;
import jmergekit.MergePlan;
import jmergekit.RunSettings;

/// A model that is to be scored.
///
/// @param plan what makes the model
/// @param folder the model, if the evaluator reads a folder ([Evaluator#readsFolder])
/// @param out an empty folder for the evaluator's own files and its log
/// @param slot which of the evaluations that go on at the same time this is, from 0 on
/// @param gpu the GPU that is this slot's own
/// @param seed of what the evaluator draws at random
/// @param timeout after which the evaluation has failed
/// @param run how the model is made, if the evaluator makes it; its cancellation ends the evaluation
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
