package jmergekit.threads;

import java.util.List;

/// Threads for transfers, which mostly wait for the network.
public final class TransferThreads implements Jobs {
    /// The same number as in the hub's own client.
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
