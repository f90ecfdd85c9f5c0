package jmergekit.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps other processes from downloading the same file at the same time. If the file system has no
/// locks, nothing prevents that, and the last process to finish wins.
final class BlobLock implements AutoCloseable {
    private final FileChannel channel;
    private final @Nullable FileLock lock;

    private BlobLock(FileChannel channel, @Nullable FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /// Waits until no other process holds it.
    ///
    /// @param waiting runs if the wait may be long
    static BlobLock take(Path file, Runnable waiting) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                waiting.run();
                lock = channel.lock();
            }
            return new BlobLock(channel, lock);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IllegalStateException(
                    "the lock " + file + " is already held by this process", e);
        } catch (IOException e) {
            return new BlobLock(channel, null);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (lock != null) {
                lock.release();
            }
        }
    }
}
