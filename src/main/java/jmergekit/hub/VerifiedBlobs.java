package jmergekit.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;

/// Records which files of the cache have the right hash. Each file is read once, at its first use,
/// and again after it has changed; `verified/HASH` in the repository's folder records its size and
/// time.
final class VerifiedBlobs {
    private static final int READ_BYTES = 1 << 20;

    /// Reading a file of this size takes a noticeable time.
    private static final long LARGE = 1L << 30;

    private final RepoCache cache;
    private final TransferProgress progress;
    // What this run verified itself, also if records cannot be written, by the path of the record.
    private final Map<Path, String> sound = new ConcurrentHashMap<>();
    private final Map<Path, String> broken = new ConcurrentHashMap<>();

    VerifiedBlobs(RepoCache cache, TransferProgress progress) {
        this.cache = cache;
        this.progress = progress;
    }

    /// Whether a file of the right size has its hash.
    ///
    /// @param where the name of the file in messages
    boolean holds(Path path, RepoFile file, String where) throws IOException {
        Path note = cache.verified(file);
        String stamp = stamp(path);
        if (stamp.equals(sound.get(note)) || isNoted(note, stamp)) {
            return true;
        }
        if (stamp.equals(broken.get(note))) {
            return false;
        }
        if (file.size() >= LARGE) {
            progress.note(
                    "%s: checking %s against its hash, once"
                            .formatted(where, ByteSize.text(file.size())));
        }
        if (!hash(path, file).equals(file.etag())) {
            progress.note(where + ": the cached copy does not match its hash; not used");
            broken.put(note, stamp);
            return false;
        }
        note(note, stamp);
        return true;
    }

    /// Records a file that was hashed during its download.
    void add(Path path, RepoFile file) throws IOException {
        note(cache.verified(file), stamp(path));
    }

    // If the cache is not writable, files are checked in each run.
    private void note(Path note, String stamp) {
        sound.put(note, stamp);
        try {
            cache.write(note, stamp);
        } catch (MergeException e) {
            // This costs only time.
        }
    }

    private static boolean isNoted(Path note, String stamp) throws IOException {
        return Files.isRegularFile(note)
                && Files.size(note) == stamp.length()
                && Files.readString(note).equals(stamp);
    }

    private static String stamp(Path path) throws IOException {
        return Files.size(path) + " " + Files.getLastModifiedTime(path).toInstant();
    }

    private static String hash(Path path, RepoFile file) throws IOException {
        BlobHash hash = BlobHash.of(file);
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        try (FileChannel channel = FileChannel.open(path)) {
            while (channel.read(buffer.clear()) >= 0) {
                hash.update(buffer.flip());
            }
        }
        return hash.hex();
    }
}
