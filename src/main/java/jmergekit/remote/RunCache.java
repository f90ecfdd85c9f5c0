package jmergekit.remote;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import jmergekit.pagecache.FileHoles;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.publish.RunLock;
import jmergekit.s3.ObjectPath;
import jmergekit.threads.ExitAction;
import jmergekit.weights.IoReason;

/// The folder of one run in the cache of remote files. It is removed when the run ends; the next
/// run removes the folders of killed runs.
final class RunCache implements AutoCloseable {
    private static final String RUN = "run-";
    private static final int TRIES = 10;
    private static final String HINT = "make room there, or name another folder in JMERGEKIT_CACHE";

    private final Path folder;
    private final RunLock lock;
    private final ExitAction atExit;
    private final AtomicInteger files = new AtomicInteger();

    private RunCache(Path folder, RunLock lock) {
        this.folder = folder;
        this.lock = lock;
        this.atExit = ExitAction.add(this::remove);
    }

    /// Makes a folder for this run, and removes those of dead runs.
    ///
    /// @throws MergeException if the folder cannot be made
    static RunCache create(Path cache) {
        try {
            Files.createDirectories(cache);
            sweep(cache);
            for (int i = 0; i < TRIES; i++) {
                Optional<RunCache> created = tryCreate(cache);
                if (created.isPresent()) {
                    return created.get();
                }
            }
            throw new FileAlreadyExistsException(cache.toString());
        } catch (IOException e) {
            throw unwritable(cache, e);
        }
    }

    // Another run's clean-up may remove the folder before it is locked.
    private static Optional<RunCache> tryCreate(Path cache) throws IOException {
        byte[] name = new byte[6];
        ThreadLocalRandom.current().nextBytes(name);
        Path folder = Files.createDirectory(cache.resolve(RUN + HexFormat.of().formatHex(name)));
        return RunLock.create(folder).map(lock -> new RunCache(folder, lock));
    }

    private static void sweep(Path cache) throws IOException {
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(cache, RUN + "*")) {
            for (Path run : runs) {
                try {
                    Optional<RunLock> dead = RunLock.take(run);
                    if (dead.isPresent()) {
                        try (RunLock taken = dead.get()) {
                            taken.releaseIfRenamesNeedIt(run);
                            Removal.ofAll(run);
                        }
                    }
                } catch (IOException e) {
                    // It belongs to another program, or is being removed.
                }
            }
        }
    }

    /// The folder for files of models.
    Path models() {
        return folder.resolve("models");
    }

    /// The folder for the files of one model in a store.
    Path folderOf(ObjectPath model) {
        return models().resolve(model.bucket()).resolve(model.key()).normalize();
    }

    /// The model or object whose file is at this path; empty if the path is not in this cache.
    Optional<ObjectPath> origin(Path path) {
        if (!path.startsWith(models()) || path.equals(models())) {
            return Optional.empty();
        }
        Path inside = models().relativize(path);
        List<String> key = new ArrayList<>();
        inside.forEach(part -> key.add(part.toString()));
        return Optional.of(new ObjectPath(key.removeFirst(), String.join("/", key)));
    }

    /// Makes a new file that consists of holes.
    ///
    /// @throws MergeException if it cannot be made
    Path newHoles(long bytes) {
        Path file = folder.resolve("copy-" + files.incrementAndGet());
        makeHoles(file, bytes);
        return file;
    }

    /// A name for a new folder.
    Path newFolder() {
        return folder.resolve("output-" + files.incrementAndGet());
    }

    /// Makes a file that consists of holes.
    static void makeHoles(Path file, long bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
            try (RandomAccessFile holes = new RandomAccessFile(file.toFile(), "rw")) {
                holes.setLength(bytes);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// Whether disk space that is no longer needed can be given back.
    static boolean givesBack() {
        return FileHoles.ofSystem().isPresent();
    }

    /// @throws MergeException if the disk has less free space
    void needRoom(long bytes) {
        // Files.getFileStore finds no mount point in a changed root (chroot).
        long free = folder.toFile().getUsableSpace();
        if (free < bytes) {
            throw new MergeException(
                    Problem.output(folder.toString(), "not enough disk space for remote models")
                            .expected(ByteSize.text(bytes))
                            .found(ByteSize.text(free))
                            .hint(HINT));
        }
    }

    static MergeException unwritable(Path file, IOException e) {
        return new MergeException(
                Problem.output(file.toString(), "cannot be written: " + IoReason.of(e)).hint(HINT),
                e);
    }

    private void remove() {
        try {
            lock.releaseIfRenamesNeedIt(folder);
            Removal.ofAll(folder);
        } catch (IOException e) {
            // The next run removes it.
        }
    }

    @Override
    public void close() {
        try (atExit;
                lock) {
            remove();
        }
    }
}
