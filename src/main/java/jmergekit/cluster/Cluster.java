package jmergekit.cluster;

import java.io.Serializable;
import java.util.List;

/// Processes that carry out jobs. Thread-safe: several runs may go on beside each other.
public interface Cluster extends AutoCloseable {
    /// How many jobs go on at the same time, as far as is known; at least 1.
    int slots();

    /// Sends something to each process once, whatever number of jobs need it there.
    <T extends Serializable> Shared<T> share(T value);

    /// Carries out all jobs, in any order, and waits until no attempt at one is left.
    ///
    /// @return what they came to, in the order of the jobs
    /// @throws jmergekit.problem.MergeException if one of them failed in all its attempts. It says which
    ///     one, and the others are stopped
    <R extends Serializable> List<R> run(List<? extends Job<R>> jobs, Watcher watcher);

    /// Ends the processes that belong to this program, and what is under way in them.
    @Override
    void close();

    /// What all processes have.
    interface Shared<T extends Serializable> extends Serializable {
        /// In whichever process it is asked.
        T value();
    }

    /// Hears how far a run is. Called from several threads.
    interface Watcher {
        /// A job is done.
        ///
        /// @param job its place in the list
        void finished(int job);

        /// Something worth telling, such as an attempt that failed.
        void note(String line);
    }
}
