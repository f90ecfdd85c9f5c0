package jmergekit.evaluate;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jmergekit.Cancellation;

/// When an evaluation is stopped early. Checked between pieces of work.
///
/// @param end in terms of [System#nanoTime], if there is a timeout
record Stop(Cancellation cancellation, Optional<Duration> timeout, long end) {
    private static final int LINES = 12;

    static Stop of(Trial trial) {
        return of(trial.timeout(), trial.cancellation());
    }

    static Stop of(Optional<Duration> timeout, Cancellation cancellation) {
        // For a timeout of centuries this is the greatest number.
        long nanos = timeout.map(TimeUnit.NANOSECONDS::convert).orElse(0L);
        return new Stop(cancellation, timeout, System.nanoTime() + nanos);
    }

    boolean isDue() {
        return cancellation.isCancelled() || isOver();
    }

    private boolean isOver() {
        return timeout.isPresent() && System.nanoTime() - end > 0;
    }

    /// @throws EvaluationException if the evaluation is to stop now
    void check() throws EvaluationException {
        check(Optional.empty());
    }

    /// The same with the end of a log in the message.
    void check(LogFile log) throws EvaluationException {
        check(Optional.of(log));
    }

    private void check(Optional<LogFile> log) throws EvaluationException {
        if (cancellation.isCancelled()) {
            throw new EvaluationException("the evaluation was cancelled");
        }
        if (isOver()) {
            throw new EvaluationException(
                    "the evaluation took more than %s s%s"
                            .formatted(
                                    seconds(timeout.orElseThrow()),
                                    log.map(l -> l.end(LINES)).orElse("")));
        }
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
