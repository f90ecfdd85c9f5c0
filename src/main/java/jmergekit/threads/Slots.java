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

/// A few threads that each do one long job at a time. Results are taken in the order of their end, by
/// the one thread that starts the jobs.
public final class Slots<R> implements AutoCloseable {
    private final ExecutorService threads;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final BlockingQueue<Ended<R>> ended = new LinkedBlockingQueue<>();
    private final int count;

    /// What became of a job; its task holds the result or the failure.
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

    /// Whether a job can begin at once.
    public boolean hasFree() {
        return !free.isEmpty();
    }

    /// Whether a job has not been taken yet.
    public boolean isBusy() {
        return free.size() < count;
    }

    /// Begins a job in a free slot.
    ///
    /// @param job is given the slot's number, from 0 on
    public void start(IntFunction<R> job) {
        int slot = free.remove();
        FutureTask<R> task = new FutureTask<>(() -> job.apply(slot));
        threads.execute(() -> {
            task.run();
            ended.add(new Ended<>(slot, task));
        });
    }

    /// Waits for the next job that ends. What it threw is thrown here.
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

    /// Interrupts the jobs under way, if there are any, and waits for their end.
    @Override
    public void close() {
        if (isBusy()) {
            threads.shutdownNow();
        }
        threads.close();
    }
}
