package jmergekit.cluster;

import java.io.Serializable;
import jmergekit.Cancellation;

/// Work for a process of a cluster, which gets a copy. It may be carried out more than once, also at
/// the same time: when a process is lost, or slow.
///
/// @param <R> what it comes to
public interface Job<R extends Serializable> extends Serializable {
    /// What messages call it, such as the name of the file it makes.
    String name();

    /// Does it.
    ///
    /// @throws jmergekit.MergeFailedException if it is refused
    R run(Attempt attempt);

    /// One time that a job is carried out.
    ///
    /// @param number of the attempt, from 0 on; no other one at the job has the same
    /// @param threads how many it may use
    /// @param cancellation stops it
    record Attempt(int number, int threads, Cancellation cancellation) {}
}
