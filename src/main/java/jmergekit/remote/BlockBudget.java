package jmergekit.remote;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The disk space that all remote files of a run may take in total.
final class BlockBudget {
    private final long limit;
    private final List<BlockFile> files = new CopyOnWriteArrayList<>();
    private long used;

    /// @param limit in bytes
    BlockBudget(long limit) {
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    synchronized long used() {
        return used;
    }

    /// Takes bytes, unless that would exceed the limit.
    synchronized boolean tryTake(long bytes) {
        if (used + bytes > limit) {
            return false;
        }
        used += bytes;
        return true;
    }

    /// Takes bytes, even beyond the limit, because a reader is waiting for them.
    synchronized void take(long bytes) {
        used += bytes;
    }

    synchronized void give(long bytes) {
        used -= bytes;
    }

    void add(BlockFile file) {
        files.add(file);
    }

    void remove(BlockFile file) {
        files.remove(file);
    }

    /// Frees blocks that no reader is using, until this many more bytes would fit. The caller must
    /// not hold the lock of any file.
    void makeRoom(long bytes) {
        for (boolean spent : new boolean[] {true, false}) {
            for (BlockFile file : files) {
                long excess = used() + bytes - limit;
                if (excess <= 0) {
                    return;
                }
                file.evict(excess, spent);
            }
        }
    }
}
