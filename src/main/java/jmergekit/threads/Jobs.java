package jmergekit.threads;

import java.util.List;

/// Runs jobs concurrently that mostly wait for the network.
@FunctionalInterface
public interface Jobs {
    /// Returns when all jobs are finished. After a failure, jobs that have not started are skipped,
    /// and the first failure is thrown.
    void runAll(List<Runnable> jobs);
}
