package jmergekit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A lock whose waiting threads can be cancelled.
final class OneAtATime {
    private static final int LOOK_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();

    /// Waits until the lock is free, and takes it.
    void begin(Cancellation cancellation) {
        boolean interrupted = false;
        boolean mine = false;
        while (!mine) {
            try {
                mine = lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (!mine && cancellation.isCancelled()) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!mine) {
            cancellation.inner().check();
        }
    }

    void end() {
        lock.unlock();
    }
}
