package jmergekit.threads;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A value that a thread of its own makes while the program does other things.
public final class AsyncValue<T> {
    private final CompletableFuture<T> value;

    private AsyncValue(CompletableFuture<T> value) {
        this.value = value;
    }

    public static <T> AsyncValue<T> start(Supplier<T> maker) {
        return new AsyncValue<>(
                CompletableFuture.supplyAsync(
                        maker, task -> Thread.ofPlatform().daemon().start(task)));
    }

    /// Whether it is made.
    public boolean isDone() {
        return value.isDone();
    }

    /// Waits for it, but no longer than this; less if interrupted.
    ///
    /// @return whether it is made, or its maker has failed
    public boolean isDoneWithin(Duration longest) {
        try {
            value.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // What its maker threw, get() throws.
        }
        return value.isDone();
    }

    /// Waits for it. What its maker threw is thrown here.
    public T get() {
        try {
            return value.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
