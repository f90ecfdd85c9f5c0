package jmergekit.evaluate;

import java.time.Duration;
import java.util.Optional;
import jmergekit.Cancellation;

/// When an evaluation has to end.
final class Deadline {
    private static final int LINES = 12;

    private final Optional<Duration> timeout;
    private final Cancellation cancellation;
    private final long start = System.nanoTime();

    Deadline(Optional<Duration> timeout, Cancellation cancellation) {
        this.timeout = timeout;
        this.cancellation = cancellation;
    }

    /// @throws EvaluationException if that is now
    void check(LogFile log) throws EvaluationException {
        if (cancellation.isCancelled()) {
            throw new EvaluationException("cancelled");
        }
        if (timeout.isPresent() && System.nanoTime() - start > timeout.get().toNanos()) {
            throw new EvaluationException(
                    "timed out after " + text(timeout.get()) + log.end(LINES));
        }
    }

    private static String text(Duration time) {
        return time.toMillis() < 10_000 ? time.toMillis() / 1000.0 + " s" : time.toSeconds() + " s";
    }
}
