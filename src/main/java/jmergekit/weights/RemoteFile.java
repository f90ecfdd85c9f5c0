package jmergekit.weights;

import java.nio.file.Path;

/// A file whose bytes are on another machine, such as an object of a store. In its place on disk lies a
/// file of the same size that holds nothing.
public interface RemoteFile {
    /// Begins to read it. Each reader has a copy of its own, so that none waits for another or loses what
    /// another no longer needs.
    ///
    /// @throws jmergekit.problem.MergeException if no copy can be made
    Copy open();

    /// How many bytes ahead of their use it makes sense to ask for, of all files that are read together.
    long aheadBytes();

    /// The parts of a remote file that one reader has on this machine. Thread-safe.
    interface Copy extends AutoCloseable {
        /// A file of the size of the remote one, with holes in place of what is not there.
        Path path();

        /// Begins to fetch bytes, and does not wait for them. [#bring] reports failures.
        void request(long begin, long end);

        /// Waits until bytes are in the copy.
        ///
        /// @throws jmergekit.problem.MergeException if they cannot be had, or the remote file is no
        ///     longer the one whose header was read
        void bring(long begin, long end);

        /// Frees the disk of bytes that the reader does not need any more. What is asked for again comes
        /// again.
        void release(long begin, long end);

        /// Removes the copy. No [#bring] may be under way.
        @Override
        void close();
    }
}
