package jmergekit.threads;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A result that another library is computing, without blocking the caller.
public final class AsyncReply<T> implements AutoCloseable {
    private final CompletableFuture<T> reply;

    private AsyncReply(CompletableFuture<T> reply) {
        this.reply = reply;
    }

    public static <T> AsyncReply<T> of(CompletableFuture<T> reply) {
        return new AsyncReply<>(reply);
    }

    /// Whether the result is there, or will never be.
    public boolean isDone() {
        return reply.isDone();
    }

    /// The result; empty if it is not there yet, or will never be.
    public Optional<T> value() {
        return reply.state() == CompletableFuture.State.SUCCESS
                ? Optional.of(reply.resultNow())
                : Optional.empty();
    }

    /// Cancels the request if it is not complete.
    @Override
    public void close() {
        reply.cancel(true);
    }
}
