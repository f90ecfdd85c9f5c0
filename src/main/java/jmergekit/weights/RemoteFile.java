package jmergekit.weights;

import java.nio.file.Path;

/// A file whose bytes are on another machine, such as an object in a store. An empty sparse file of
/// the same size is in its place on disk.
public interface RemoteFile {
    /// Starts to read it. Each reader has its own copy, so that none waits for another or loses
    /// bytes that another no longer needs.
    ///
    /// @throws jmergekit.problem.MergeException if no copy can be made
    Copy open();

    /// How many bytes it makes sense to request ahead of their use, in total for all files that are
    /// read together.
    long aheadBytes();

    /// The parts of a remote file that one reader has on this machine. Thread-safe.
    interface Copy extends AutoCloseable {
        /// A file with the size of the remote one, with holes in place of missing bytes.
        Path path();

        /// Starts to fetch bytes, without waiting for them. [#bring] reports failures.
        void request(long begin, long end);

        /// Waits until bytes are in the copy.
        ///
        /// @throws jmergekit.problem.MergeException if they cannot be fetched, or the remote file
        ///     has changed since its header was read
        void bring(long begin, long end);

        /// Frees the disk space of bytes that the reader no longer needs. They are fetched again if
        /// they are requested again.
        void release(long begin, long end);

        /// Removes the copy. No [#bring] may be running.
        @Override
        void close();
    }
}
