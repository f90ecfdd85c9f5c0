package jmergekit.cluster;

import java.io.Serializable;
import java.util.List;

/// Processes that run jobs. Thread-safe: several runs may be active at the same time.
public interface Cluster extends AutoCloseable {
    /// The number of jobs that run at the same time, as far as is known; at least 1.
    int slots();

    /// Sends a value to each process once, however many jobs need it there.
    <T extends Serializable> Shared<T> share(T value);

    /// Runs all jobs, in any order, and waits until no attempt at one is left.
    ///
    /// @return their results, in the order of the jobs
    /// @throws jmergekit.problem.MergeException if all attempts at a job failed; it names the job.
    ///     The others are stopped
    <R extends Serializable> List<R> run(List<? extends Job<R>> jobs, Watcher watcher);

    /// Ends the processes that belong to this program, and the jobs that they are running.
    @Override
    void close();

    /// A value that all processes have.
    interface Shared<T extends Serializable> extends Serializable {
        /// Returns the value in the current process.
        T value();
    }

    /// Listens to the progress of a run. Called from several threads.
    interface Watcher {
        /// A job is done.
        ///
        /// @param job its place in the list
        void finished(int job);

        /// A message for the user, such as a failed attempt.
        void note(String line);
    }
}
