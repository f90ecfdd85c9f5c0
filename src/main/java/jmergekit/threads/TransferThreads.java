package jmergekit.threads;

import java.util.List;

/// Threads for transfers, which wait for the network most of the time.
public final class TransferThreads implements Jobs {
    /// As many as the hub's own client has.
    private static final int MOST = 8;

    @Override
    public void runAll(List<Runnable> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        try (Workers workers = new Workers(Math.min(MOST, jobs.size()))) {
            workers.runAll(jobs);
        }
    }
}
