package jmergekit.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;

/// Which files of the cache are known to have their hash. Each is read through once, at its first use,
/// and again after it was changed; `verified/HASH` in the repository's folder notes its size and time.
record VerifiedBlobs(RepoCache cache, TransferProgress progress) {
    private static final int READ_BYTES = 1 << 20;

    /// Reading this takes a moment that a user may wonder about.
    private static final long LARGE = 1L << 30;

    /// Whether a file of the right size has its hash.
    ///
    /// @param where how messages call it
    boolean holds(Path path, RepoFile file, String where) throws IOException {
        Path note = cache.verified(file);
        String stamp = stamp(path);
        if (isNoted(note, stamp)) {
            return true;
        }
        if (file.size() >= LARGE) {
            progress.note(
                    "%s: checking %s against its hash, once"
                            .formatted(where, ByteSize.text(file.size())));
        }
        if (!hash(path, file).equals(file.etag())) {
            progress.note(where + ": the copy in the cache does not have its hash; not used");
            return false;
        }
        note(note, stamp);
        return true;
    }

    /// Takes note of a file that was hashed while it came.
    void add(Path path, RepoFile file) throws IOException {
        note(cache.verified(file), stamp(path));
    }

    // A cache that cannot be written to is checked at each run.
    private void note(Path note, String stamp) {
        try {
            cache.write(note, stamp);
        } catch (MergeException e) {
            // It costs time only.
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
