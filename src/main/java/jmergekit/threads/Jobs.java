package jmergekit.threads;

import java.util.List;

/// Runs jobs that mostly wait for the network, beside each other.
@FunctionalInterface
public interface Jobs {
    /// Returns when all are done. After a failure jobs that have not begun are left out, and the
    /// first failure is thrown.
    void runAll(List<Runnable> jobs);
}
