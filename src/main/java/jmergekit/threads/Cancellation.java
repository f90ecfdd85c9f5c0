package jmergekit.threads;

import java.io.Serial;

/// Stops a run from another thread: what runs looks at it between pieces of work.
public final class Cancellation {
    private volatile boolean cancelled;

    /// Thrown by what was stopped.
    public static final class Cancelled extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        private Cancelled() {
            super("cancelled");
        }
    }

    /// Asks for the end. May be called more than once.
    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Throws [Cancelled] if the end was asked for.
    public void check() {
        if (cancelled) {
            throw new Cancelled();
        }
    }
}
