package jmergekit.threads;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A value that a separate thread computes while the program does other things.
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

    /// Whether the value is complete.
    public boolean isDone() {
        return value.isDone();
    }

    /// Waits for the value at most this long; less if interrupted.
    ///
    /// @return whether the value is complete or its computation has failed
    public boolean isDoneWithin(Duration longest) {
        try {
            value.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // An exception is thrown by get().
        }
        return value.isDone();
    }

    /// Waits for the value. An exception thrown while computing it is rethrown here.
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
