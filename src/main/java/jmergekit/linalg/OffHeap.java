package jmergekit.linalg;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// The memory outside the heap that factorisations of whole matrices share. A thread reserves what a
/// decomposition takes, and waits while others use it.
///
/// A reservation of more than all of it is granted alone: the machine may have that much.
public final class OffHeap {
    /// With the heap of the program, a merge then stays within 1 GiB.
    private static final int MEBIBYTES = 512;

    // In the order of arrival, so that small matrices do not overtake a large one forever.
    private static final Semaphore LEFT = new Semaphore(MEBIBYTES, true);

    private OffHeap() {}

    /// Runs work when there is enough memory for it. The work must not reserve more: two threads could
    /// then wait for each other.
    public static <T> T with(long bytes, Supplier<T> work) {
        int mebibytes = Math.clamp((bytes >> 20) + 1, 1, MEBIBYTES);
        LEFT.acquireUninterruptibly(mebibytes);
        try {
            return work.get();
        } finally {
            LEFT.release(mebibytes);
        }
    }
}
