package jmergekit.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import jmergekit.problem.MergeException;

/// Decides after each failed request whether to retry, and waits before the retry.
final class Retries {
    /// Lets time pass.
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private static final int TRIES = 5;
    // A host that does not exist now will not exist in ten seconds either.
    private static final int TRIES_TO_CONNECT = 2;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(8);

    /// The hub counts requests in windows of five minutes.
    static final Duration LONGEST_WAIT = Duration.ofSeconds(330);

    private final String where;
    private final Pause pause;
    private final TransferProgress progress;
    private int failures;

    Retries(String where, Pause pause, TransferProgress progress) {
        this.where = where;
        this.pause = pause;
        this.progress = progress;
    }

    /// Called on success: the next failure counts as the first one again.
    void progressed() {
        failures = 0;
    }

    /// Returns when it is time to try again.
    ///
    /// @throws MergeException if a retry makes no sense
    void failed(IOException failure) {
        failures++;
        Duration wait = waitTime(failure);
        if (failures >= tries(failure) || wait.compareTo(LONGEST_WAIT) > 0) {
            throw Refusal.gaveUp(where, failure, wait);
        }
        progress.note(
                "%s: %s; trying again in %d s"
                        .formatted(where, Refusal.reason(failure), wait.toSeconds()));
        try {
            pause.of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.gaveUp(where, new IOException("interrupted", e), wait);
        }
    }

    private static int tries(IOException failure) {
        if (Thread.currentThread().isInterrupted()
                || failure instanceof SSLException
                || failure instanceof BodyReader.TooSlowException) {
            return 1;
        }
        return failure instanceof ConnectException ? TRIES_TO_CONNECT : TRIES;
    }

    private Duration waitTime(IOException failure) {
        Duration step = Duration.ofSeconds(1L << (failures - 1));
        Duration usual = step.compareTo(LONGEST_STEP) < 0 ? step : LONGEST_STEP;
        return failure instanceof BusyException busy ? busy.waitTime().orElse(usual) : usual;
    }
}
