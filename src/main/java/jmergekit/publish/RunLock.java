package jmergekit.publish;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The lock on a run's partial folder. The system releases it when the process ends for any reason,
/// so a process that can take the lock knows that the run is dead. Process numbers do not show
/// that, since each container has its own.
public final class RunLock implements AutoCloseable {
    /// The file in the partial folder that is locked.
    public static final String NAME = ".jmergekit.lock";

    private static final boolean WINDOWS = File.separatorChar == '\\';

    // Closing any channel to a file releases all of a process's locks on it, so a process must not
    // even try to take a lock that it already has. Within a process, taking and probing are
    // mutually exclusive.
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path taken;
    private final FileChannel channel;

    private RunLock(Path taken, FileChannel channel) {
        this.taken = taken;
        this.channel = channel;
    }

    /// Takes the lock of a new folder; empty if another run's clean-up has removed the folder.
    public static Optional<RunLock> create(Path folder) throws IOException {
        return createFile(folder.resolve(NAME));
    }

    /// Takes the lock of a folder that is new, or whose last run is dead. Empty if a live run holds
    /// it.
    public static Optional<RunLock> take(Path folder) throws IOException {
        return create(folder).or(() -> ofDead(folder));
    }

    /// The same for any new file.
    static synchronized Optional<RunLock> createFile(Path file) throws IOException {
        FileChannel channel;
        if (!OWN.add(file)) {
            return Optional.empty();
        }
        try {
            channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            OWN.remove(file);
            return Optional.empty();
        } catch (IOException e) {
            OWN.remove(file);
            throw e;
        }
        RunLock lock = new RunLock(file, channel);
        if (isFree(channel) && Files.exists(file)) {
            return Optional.of(lock);
        }
        lock.close();
        return Optional.empty();
    }

    /// Takes the lock of a folder whose run is dead. Empty if the run is alive, if there is no
    /// lock, or if the file system has no locks, so the state is unknown.
    static Optional<RunLock> ofDead(Path folder) {
        return ofDeadFile(folder.resolve(NAME));
    }

    /// The same for any file.
    static synchronized Optional<RunLock> ofDeadFile(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !OWN.add(file)) {
            return Optional.empty();
        }
        @Nullable FileChannel channel = null;
        try {
            @Nullable Object key = key(file);
            channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            // The holder may have deleted the file in the meantime, and another run made a new one.
            if (channel.tryLock() != null && Objects.equals(key, key(file))) {
                return Optional.of(new RunLock(file, channel));
            }
        } catch (IOException | OverlappingFileLockException e) {
            // The state is unknown.
        }
        close(file, channel);
        return Optional.empty();
    }

    /// Whether a live run holds the lock; false if the state is unknown.
    static boolean isLive(Path folder) {
        return isLiveFile(folder.resolve(NAME));
    }

    /// The same for any file. Probes with a shared lock, so that probing processes do not mistake
    /// each other for a run.
    static synchronized boolean isLiveFile(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (OWN.contains(file)) {
            return true;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return channel.tryLock(0, Long.MAX_VALUE, true) == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // Without locks, nobody else can take this one either.
    private static boolean isFree(FileChannel channel) {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (IOException e) {
            return true;
        }
    }

    // Null on systems without file keys; fails if the file does not exist.
    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /// Renames its folder to a free name, and becomes the lock of the renamed folder.
    RunLock move(Path from, Path to) throws IOException {
        if (WINDOWS) {
            close();
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return ofDead(to).orElseThrow(() -> new FileAlreadyExistsException(to.toString()));
        }
        Path file = to.resolve(NAME);
        boolean isNew = OWN.add(file);
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (isNew) {
                OWN.remove(file);
            }
            throw e;
        }
        OWN.remove(taken);
        return new RunLock(file, channel);
    }

    /// Deletes the file, wherever its folder is now, and releases the lock.
    public void release(Path folder) throws IOException {
        releaseIfRenamesNeedIt(folder);
        try (this) {
            Files.deleteIfExists(folder.resolve(NAME));
        }
    }

    /// The same, on systems that cannot rename or delete a folder with an open file. The folder has
    /// no lock from then on, and nobody cleans it up.
    public void releaseIfRenamesNeedIt(Path folder) throws IOException {
        if (WINDOWS) {
            close();
            Files.deleteIfExists(folder.resolve(NAME));
        }
    }

    /// Releases the lock; the file stays.
    @Override
    public void close() {
        close(taken, channel);
    }

    private static void close(Path file, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It is closed when the process ends.
        } finally {
            OWN.remove(file);
        }
    }
}
