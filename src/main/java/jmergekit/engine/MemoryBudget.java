package jmergekit.engine;

import jmergekit.plan.TensorTask;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Lets so many merges run at once as there is memory for, of methods that take memory in proportion
/// to a tensor.
final class MemoryBudget {
    private final long most;
    private long left;

    MemoryBudget(long bytes) {
        this.most = bytes;
        this.left = bytes;
    }

    /// Half of the heap.
    static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 2);
    }

    /// Does the work when there is room for it.
    ///
    /// @throws MergeException if there never will be
    void with(long bytes, TensorTask task, Runnable work) {
        if (bytes == 0) {
            work.run();
            return;
        }
        if (bytes > most) {
            throw new MergeException(
                    Problem.input(
                                    task.output().name(),
                                    "the merge method needs the whole tensor in memory")
                            .expected(ByteSize.text(bytes))
                            .found("room for " + ByteSize.text(most))
                            .hint(
                                    "give the program more memory, as in JMERGEKIT_OPTS=-Xmx%dg"
                                            .formatted(2 * bytes / 1_000_000_000 + 1)));
        }
        take(bytes);
        try {
            work.run();
        } finally {
            give(bytes);
        }
    }

    private synchronized void take(long bytes) {
        boolean interrupted = false;
        while (left < bytes) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        left -= bytes;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void give(long bytes) {
        left += bytes;
        notifyAll();
    }
}
