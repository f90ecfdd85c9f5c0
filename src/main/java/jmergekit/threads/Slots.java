package jmergekit.threads;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;

/// A few threads that each run one long job at a time. The thread that starts the jobs takes the
/// results in the order in which the jobs end.
public final class Slots<R> implements AutoCloseable {
    private final ExecutorService threads;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final BlockingQueue<Ended<R>> ended = new LinkedBlockingQueue<>();
    private final int count;

    /// A job that has ended; its task holds the result or the failure.
    private record Ended<R>(int slot, FutureTask<R> task) {}

    public Slots(int count) {
        this.count = count;
        this.threads =
                Executors.newFixedThreadPool(
                        count, task -> Thread.ofPlatform().daemon().unstarted(task));
        for (int slot = 0; slot < count; slot++) {
            free.add(slot);
        }
    }

    /// Whether a job can start immediately.
    public boolean hasFree() {
        return !free.isEmpty();
    }

    /// Whether any job's result has not been taken yet.
    public boolean isBusy() {
        return free.size() < count;
    }

    /// Starts a job in a free slot.
    ///
    /// @param job receives the slot's number, counted from 0
    public void start(IntFunction<R> job) {
        int slot = free.remove();
        FutureTask<R> task = new FutureTask<>(() -> job.apply(slot));
        threads.execute(() -> {
            task.run();
            ended.add(new Ended<>(slot, task));
        });
    }

    /// Waits for the next job to end. An exception thrown by the job is rethrown here.
    public R take() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Ended<R> next = ended.take();
                    free.add(next.slot());
                    return result(next.task());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <R> R result(FutureTask<R> task) {
        if (task.state() == Future.State.SUCCESS) {
            return task.resultNow();
        }
        if (task.exceptionNow() instanceof RuntimeException failure) {
            throw failure;
        }
        if (task.exceptionNow() instanceof Error failure) {
            throw failure;
        }
        throw new IllegalStateException("a job ended early", task.exceptionNow());
    }

    /// Interrupts running jobs, and waits for them to end.
    @Override
    public void close() {
        if (isBusy()) {
            threads.shutdownNow();
        }
        threads.close();
    }
}
