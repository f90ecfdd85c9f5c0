package jmergekit.evaluate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.Cancellation;
import jmergekit.RunSettings;

/// Trials of a model that is a folder, and tasks.
record Trials(Path model, Path out) {
    Trial search() {
        return of(Split.SEARCH, Optional.empty(), OptionalInt.empty(), new Cancellation());
    }

    Trial heldOut() {
        return of(Split.HELD_OUT, Optional.empty(), OptionalInt.empty(), new Cancellation());
    }

    Trial onGpu(int gpu) {
        return of(Split.SEARCH, Optional.empty(), OptionalInt.of(gpu), new Cancellation());
    }

    Trial within(Duration timeout) {
        return of(Split.SEARCH, Optional.of(timeout), OptionalInt.empty(), new Cancellation());
    }

    Trial with(Cancellation cancellation) {
        return of(Split.SEARCH, Optional.empty(), OptionalInt.empty(), cancellation);
    }

    // Evaluators of folders have no use for the plan.
    @SuppressWarnings("NullAway")
    private Trial of(
            Split split, Optional<Duration> timeout, OptionalInt gpu, Cancellation cancellation) {
        RunSettings run = RunSettings.defaults().cancellation(cancellation);
        return new Trial(null, Optional.of(model), out, split, 1, gpu, 42, timeout, run);
    }

    /// Nothing asked for.
    static EvaluatorSettings settings(Path storage, int slots, Optional<ApiKey> key) {
        return new EvaluatorSettings(
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                1,
                Optional.empty(),
                List.of(),
                false,
                false,
                false,
                false,
                1,
                slots,
                key,
                storage);
    }

    static Task task(String name) {
        return task(name, Optional.empty(), Optional.empty());
    }

    static Task task(String name, String metric) {
        return task(name, Optional.of(metric), Optional.empty());
    }

    static Task task(String name, Optional<String> metric, Optional<String> heldOutName) {
        return new Task(
                name, metric, Optional.empty(), Optional.empty(), heldOutName, Optional.empty());
    }
}
