package jmergekit.evaluate;

import java.time.Duration;
import java.util.Optional;
import jmergekit.Cancellation;

/// When an evaluation in this process ends early. Asked between pieces of work.
///
/// @param end as [System#nanoTime] has it, if there is one
record Stop(Cancellation cancellation, Optional<Duration> timeout, long end) {
    private static final double MILLIS = 1e3;

    static Stop of(Trial trial) {
        return new Stop(
                trial.cancellation(),
                trial.timeout(),
                System.nanoTime() + trial.timeout().map(Duration::toNanos).orElse(0L));
    }

    boolean isDue() {
        return cancellation.isCancelled() || isOver();
    }

    private boolean isOver() {
        return timeout.isPresent() && System.nanoTime() - end > 0;
    }

    void check() throws EvaluationException {
        if (cancellation.isCancelled()) {
            throw new EvaluationException("the evaluation was cancelled");
        }
        if (isOver()) {
            throw new EvaluationException(
                    "the evaluation took more than %s s"
                            .formatted(timeout.orElseThrow().toMillis() / MILLIS));
        }
    }
}
