package jmergekit.engine;

import java.util.Comparator;
import java.util.Optional;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.Cancellation;

/// Limits how many merges run at once to those that fit into memory, for methods whose memory grows
/// with the tensor. Thread-safe.
public final class MemoryBudget {
    // Concurrent runs share the heap.
    private static final MemoryBudget HEAP = new MemoryBudget(Runtime.getRuntime().maxMemory() / 2);

    /// How often a waiting thread checks whether its run was cancelled.
    private static final long PATIENCE_MILLIS = 100;

    private final long most;
    private long left;

    MemoryBudget(long bytes) {
        this.most = bytes;
        this.left = bytes;
    }

    /// Half of the heap, for all runs of the process together.
    static MemoryBudget ofHeap() {
        return HEAP;
    }

    /// An error if a method needs a tensor of the plan in memory as a whole and the largest one
    /// does not fit.
    public static Optional<Problem> problem(Plan plan) {
        return plan.tasks().stream()
                .max(Comparator.comparingLong(TensorTask::memoryOfMethod))
                .filter(task -> task.memoryOfMethod() > HEAP.most)
                .map(task -> HEAP.problem(task, task.memoryOfMethod()));
    }

    private Problem problem(TensorTask task, long bytes) {
        return Problem.input(
                        task.output().name(), "the merge method needs the whole tensor in memory")
                .expected(ByteSize.text(bytes))
                .found("room for " + ByteSize.text(most))
                .hint(
                        "give the program more memory, as in JMERGEKIT_OPTS=-Xmx%dg"
                                .formatted(2 * bytes / 1_000_000_000 + 1));
    }

    /// Runs the work when there is enough memory for it.
    ///
    /// @param cancellation ends the wait
    /// @throws MergeException if there can never be enough
    void with(long bytes, TensorTask task, Cancellation cancellation, Runnable work) {
        if (bytes == 0) {
            work.run();
            return;
        }
        if (bytes > most) {
            throw new MergeException(problem(task, bytes));
        }
        take(bytes, cancellation);
        try {
            work.run();
        } finally {
            give(bytes);
        }
    }

    private synchronized void take(long bytes, Cancellation cancellation) {
        boolean interrupted = false;
        try {
            while (left < bytes) {
                cancellation.check();
                try {
                    wait(PATIENCE_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        left -= bytes;
    }

    private synchronized void give(long bytes) {
        left += bytes;
        notifyAll();
    }
}
