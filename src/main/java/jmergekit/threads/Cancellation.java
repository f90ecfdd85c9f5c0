package jmergekit.threads;

import java.io.Serial;

/// Stops a run from another thread: the run checks it between pieces of work.
public final class Cancellation {
    private volatile boolean cancelled;

    /// Thrown by a run that was stopped.
    public static final class Cancelled extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        private Cancelled() {
            super("cancelled");
        }
    }

    /// Requests the stop. May be called more than once.
    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Throws [Cancelled] if a stop was requested.
    public void check() {
        if (cancelled) {
            throw new Cancelled();
        }
    }
}
