package jmergekit.s3;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import jmergekit.threads.Cancellation;

/// A store of objects. Thread-safe. Every method tries again what may go well the next time, and throws a
/// [jmergekit.problem.MergeException] that names the object if it does not.
public interface ObjectStore extends AutoCloseable {
    /// An object that is there.
    ///
    /// @param name its path from the one that was asked for, with forward slashes; it may be any text
    /// @param size in bytes
    /// @param etag what changes with the object's bytes
    record Found(String name, long size, String etag, Instant modified) {}

    /// Takes bytes that were read.
    @FunctionalInterface
    interface Sink {
        /// @param position in the object, of the first of them; they come in their order
        void accept(ByteBuffer bytes, long position);
    }

    /// The objects whose keys begin with that of `folder` and a slash, by name. Empty if there are none,
    /// as stores have no folders.
    List<Found> list(ObjectPath folder);

    /// One object, if it is there. Its name is the last part of its path.
    Optional<Found> find(ObjectPath object);

    /// Reads a part of an object.
    ///
    /// @param etag that it must still have; empty if any will do
    void read(ObjectPath object, String etag, long begin, long end, Sink sink);

    /// The same, of a small part.
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

    /// Writes a small object, over one that is there.
    void write(ObjectPath object, byte[] content);

    /// Makes a file an object, which is there as a whole or not at all; large ones go in parts beside
    /// each other. The store checks what it receives.
    ///
    /// @param moved is told how many more bytes the store has; negative if some must be sent again
    /// @throws Cancellation.Cancelled if it was stopped; nothing is left of it
    void upload(ObjectPath object, Path file, LongConsumer moved, Cancellation cancellation);

    /// Deletes objects, if they are there.
    void delete(List<ObjectPath> objects);

    /// The same store, whose failures count as those of the output.
    ObjectStore forOutput();

    @Override
    void close();
}
