package jmergekit.threads;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A bounded number of threads for transfers that are started while others are running. Transfers
/// that a thread is waiting for come before prefetches.
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

        /// Waits until the transfer ends, also if interrupted. An exception thrown by the transfer
        /// is rethrown here.
        ///
        /// @throws CancellationException if the pool was closed before the transfer ended
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

    /// @param most the number of transfers that run at once
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
    /// @param urgent whether a thread is waiting for it
    public Transfer start(boolean urgent, Runnable job) {
        Transfer transfer = new Transfer(job, urgent, started.getAndIncrement());
        threads.execute(transfer);
        return transfer;
    }

    /// Cancels transfers that have not started and interrupts those that have. A thread that waits
    /// for the network may end after this method returns.
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
