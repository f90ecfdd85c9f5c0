package jmergekit.s3;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import jmergekit.threads.Cancellation;

/// A store of objects. Thread-safe. Every method retries failures that may be temporary, and
/// otherwise throws a [jmergekit.problem.MergeException] that names the object.
public interface ObjectStore extends AutoCloseable {
    /// An existing object.
    ///
    /// @param name its path relative to the requested one, with forward slashes; it may be any text
    /// @param size in bytes
    /// @param etag a value that changes with the object's bytes
    record Found(String name, long size, String etag, Instant modified) {}

    /// Receives bytes that were read.
    @FunctionalInterface
    interface Sink {
        /// @param position the offset of the first byte in the object; bytes arrive in order
        void accept(ByteBuffer bytes, long position);
    }

    /// The objects whose keys begin with that of `folder` and a slash, by name. Empty if there are
    /// none, since stores have no folders.
    List<Found> list(ObjectPath folder);

    /// One object, if it exists. Its name is the last part of its path.
    Optional<Found> find(ObjectPath object);

    /// Reads a range of an object.
    ///
    /// @param etag the ETag that the object must still have; empty for any
    void read(ObjectPath object, String etag, long begin, long end, Sink sink);

    /// Reads a small range.
    default byte[] read(ObjectPath object, String etag, long begin, long end) {
        byte[] bytes = new byte[Math.toIntExact(end - begin)];
        read(
                object,
                etag,
                begin,
                end,
                (some, position) ->
                        some.get(bytes, Math.toIntExact(position - begin), some.remaining()));
        return bytes;
    }

    /// Writes a small object, replacing an existing one.
    void write(ObjectPath object, byte[] content);

    /// Uploads a file as an object. It appears as a whole or not at all; large files are uploaded
    /// in parallel parts. The store verifies what it receives.
    ///
    /// @param moved receives the number of further bytes that the store has; negative if some must
    ///     be sent again
    /// @throws Cancellation.Cancelled if it was stopped; the store keeps no part of it
    void upload(ObjectPath object, Path file, LongConsumer moved, Cancellation cancellation);

    /// Deletes objects that exist.
    void delete(List<ObjectPath> objects);

    /// The same store, with failures that count as failures of the output.
    ObjectStore forOutput();

    @Override
    void close();
}
