package jmergekit.threads;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A bounded number of threads for transfers that begin while others are under way. What somebody waits for
/// goes before what is fetched ahead.
public final class TransferPool implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long LONGEST_END_SECONDS = 2;

    private final ThreadPoolExecutor threads;
    private final AtomicLong started = new AtomicLong();

    /// A transfer that was started.
    public static final class Transfer extends FutureTask<Void> implements Comparable<Transfer> {
        private final boolean urgent;
        private final long number;

        private Transfer(Runnable job, boolean urgent, long number) {
            super(job, null);
            this.urgent = urgent;
            this.number = number;
        }

        /// Waits for its end, also when interrupted. What the transfer threw is thrown here.
        ///
        /// @throws CancellationException if the pool was closed before it
        public void await() {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        get();
                        return;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    } catch (ExecutionException e) {
                        throw failure(e.getCause());
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private static RuntimeException failure(Throwable cause) {
            return switch (cause) {
                case RuntimeException e -> e;
                case Error e -> throw e;
                default -> new IllegalStateException("a transfer failed", cause);
            };
        }

        @Override
        public int compareTo(Transfer other) {
            return urgent == other.urgent
                    ? Long.compare(number, other.number)
                    : Boolean.compare(other.urgent, urgent);
        }
    }

    /// @param most how many transfers are under way at once
    public TransferPool(int most) {
        this.threads =
                new ThreadPoolExecutor(
                        most,
                        most,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new PriorityBlockingQueue<>(),
                        job -> Thread.ofPlatform().daemon().name("transfer").unstarted(job));
        threads.allowCoreThreadTimeOut(true);
    }

    /// Starts a transfer, or queues it until a thread is free.
    ///
    /// @param urgent whether somebody waits for it
    public Transfer start(boolean urgent, Runnable job) {
        Transfer transfer = new Transfer(job, urgent, started.getAndIncrement());
        threads.execute(transfer);
        return transfer;
    }

    /// Gives up what has not begun, and interrupts what has. A thread that waits for the network may take
    /// longer to end than this does.
    @Override
    public void close() {
        threads.shutdownNow().forEach(t -> ((Transfer) t).cancel(false));
        boolean interrupted = false;
        try {
            threads.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
