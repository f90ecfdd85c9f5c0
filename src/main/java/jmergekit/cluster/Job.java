package jmergekit.cluster;

import java.io.Serializable;
import jmergekit.Cancellation;

/// Work for a process of a cluster, which receives a copy. It may run more than once, even at the
/// same time, if a process is lost or slow.
///
/// @param <R> the type of its result
public interface Job<R extends Serializable> extends Serializable {
    /// The name of the job in messages, such as the file that it makes.
    String name();

    /// Runs the job.
    ///
    /// @throws jmergekit.MergeFailedException if it is refused
    R run(Attempt attempt);

    /// One attempt at a job.
    ///
    /// @param number the attempt, from 0; no other attempt at the job has the same number
    /// @param threads the number of threads that it may use
    /// @param cancellation stops it
    record Attempt(int number, int threads, Cancellation cancellation) {}
}
