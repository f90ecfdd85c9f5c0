package jmergekit.threads;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Something that another library is getting, which nobody need wait for.
public final class AsyncReply<T> implements AutoCloseable {
    private final CompletableFuture<T> reply;

    private AsyncReply(CompletableFuture<T> reply) {
        this.reply = reply;
    }

    public static <T> AsyncReply<T> of(CompletableFuture<T> reply) {
        return new AsyncReply<>(reply);
    }

    /// Whether it has come, or will not come any more.
    public boolean isDone() {
        return reply.isDone();
    }

    /// What has come; empty if it has not, or will not.
    public Optional<T> value() {
        return reply.state() == CompletableFuture.State.SUCCESS
                ? Optional.of(reply.resultNow())
                : Optional.empty();
    }

    /// Gives it up, if it has not come.
    @Override
    public void close() {
        reply.cancel(true);
    }
}
