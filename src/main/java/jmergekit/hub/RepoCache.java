package jmergekit.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// A repository's folder in the cache, in the layout of the hub's own client:
///
/// ```
/// models--org--name/blobs/HASH                the bytes of files
///                   blobs/HASH.*.incomplete   unfinished downloads
///                   snapshots/COMMIT/PATH     links to blobs
///                   refs/REVISION             the commit that a branch or tag pointed to
///                   trees/COMMIT.json         the list of the commit's files
///                   headers/HASH              the beginning of a weight file, used by us only
///                   verified/HASH             size and time of a verified blob, used by us only
/// .locks/models--org--name/HASH.lock
/// ```
final class RepoCache {
    /// Our own suffix, since the hub's client may write `HASH.incomplete` under a lock that the JVM
    /// cannot see.
    private static final String INCOMPLETE = ".jmergekit.incomplete";

    private static final int LONGEST_REF = 200;

    private final Path folder;
    private final Path locks;
    private final boolean links;

    RepoCache(HubSettings settings, RepoId id) {
        this.folder = settings.cache().resolve(id.folder());
        this.locks = settings.cache().resolve(".locks").resolve(id.folder());
        this.links = settings.links();
    }

    Path folder() {
        return folder;
    }

    Path blob(RepoFile file) {
        return folder.resolve("blobs").resolve(file.etag());
    }

    Path incomplete(RepoFile file) {
        return folder.resolve("blobs").resolve(file.etag() + INCOMPLETE);
    }

    /// Records that the blob has its hash.
    Path verified(RepoFile file) {
        return folder.resolve("verified").resolve(file.etag());
    }

    Path lock(RepoFile file) {
        return locks.resolve(file.etag() + ".lock");
    }

    Path header(RepoFile file) {
        return folder.resolve("headers").resolve(file.etag());
    }

    void removeHeader(RepoFile file) {
        try {
            Files.deleteIfExists(header(file));
        } catch (IOException e) {
            throw unwritable(header(file), e);
        }
    }

    Path tree(String commit) {
        return folder.resolve("trees").resolve(commit + ".json");
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Path pointer(String commit, RepoFile file) {
        return snapshot(commit).resolve(file.path());
    }

    /// The commit that a revision pointed to when it was last looked up; a commit is its own
    /// revision.
    Optional<String> commit(Revision revision) {
        if (revision.isCommit()) {
            return Optional.of(revision.text());
        }
        try {
            Path ref = folder.resolve("refs").resolve(revision.text());
            if (!Files.isRegularFile(ref) || Files.size(ref) > LONGEST_REF) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(ref).strip()).filter(Revision::isCommit);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Records what a revision points to now.
    void setCommit(Revision revision, String commit) {
        if (!revision.isCommit() && !commit(revision).equals(Optional.of(commit))) {
            write(folder.resolve("refs").resolve(revision.text()), commit);
        }
    }

    /// Writes a small file atomically.
    void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            // Not a temporary file, which other users of the cache could not read.
            Path scratch =
                    file.resolveSibling(
                            ".%s.%d.tmp"
                                    .formatted(file.getFileName(), ProcessHandle.current().pid()));
            try {
                removeLink(scratch);
                Files.write(
                        scratch,
                        text.getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
                move(scratch, file);
            } finally {
                Files.deleteIfExists(scratch);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// Opens a file that is filled piece by piece. A link in its place, which another user of the
    /// cache may have put there, is removed: its target is not written to.
    static FileChannel openScratch(Path file) throws IOException {
        removeLink(file);
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    private static void removeLink(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || hasOtherNames(file))) {
            Files.delete(file);
        }
    }

    private static boolean hasOtherNames(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && (int) Files.getAttribute(file, "unix:nlink") > 1;
    }

    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Puts a blob into a snapshot, as a relative link, so that the cache can be moved. Without
    /// links, a new blob is moved there, and an older one copied.
    void link(RepoFile file, String commit, boolean isNew) {
        Path blob = blob(file);
        Path pointer = pointer(commit, file);
        try {
            Files.createDirectories(pointer.getParent());
            Files.deleteIfExists(pointer);
            if (links && linked(pointer, pointer.getParent().relativize(blob))) {
                return;
            }
            if (isNew) {
                move(blob, pointer);
            } else {
                Files.copy(blob, pointer);
            }
        } catch (IOException e) {
            throw unwritable(pointer, e);
        }
    }

    private static boolean linked(Path pointer, Path target) {
        try {
            Files.createSymbolicLink(pointer, target);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            // The system or the disk has no links, or not for every user (Windows).
            return false;
        }
    }

    /// The size of a file; empty if it does not exist.
    static Optional<Long> size(Path file) throws IOException {
        try {
            return Optional.of(Files.size(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static MergeException unwritable(Path file, IOException e) {
        String reason =
                e.getMessage() == null || e.getMessage().equals(file.toString())
                        ? e.getClass().getSimpleName()
                        : e.getClass().getSimpleName() + ": " + e.getMessage();
        return new MergeException(
                Problem.output(file.toString(), "cannot be written to the download cache")
                        .found(reason)
                        .hint(
                                "name another cache folder with --transformers-cache or HF_HUB_CACHE"),
                e);
    }
}
