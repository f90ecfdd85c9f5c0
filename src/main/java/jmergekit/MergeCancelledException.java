package jmergekit;

import java.io.Serial;

/// A run was stopped by [Cancellation#cancel].
public final class MergeCancelledException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    MergeCancelledException(Throwable cause) {
        super("the run was cancelled", cause);
    }
}
