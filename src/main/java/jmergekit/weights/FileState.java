package jmergekit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Detects whether a file is still the same: a program that writes to it changes its time, and one
/// that replaces it changes its key.
///
/// @param key the file's identity in the file system (device and inode), if available
public record FileState(long size, FileTime modified, @Nullable Object key) {
    /// The state of the file at a path; links are followed.
    public static FileState of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileState(found.size(), found.lastModifiedTime(), found.fileKey());
        } catch (NoSuchFileException e) {
            throw new MergeException(changed(file, "is gone"), e);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
    }

    /// The problem if the file has changed.
    public Optional<Problem> changeOf(Path file) {
        FileState now;
        try {
            now = of(file);
        } catch (MergeException e) {
            return e.problems().stream().findFirst();
        }
        if (now.equals(this)) {
            return Optional.empty();
        }
        if (now.size != size) {
            return Optional.of(
                    changed(file, "changed while it was in use")
                            .expected(size + " bytes")
                            .found(Long.toString(now.size)));
        }
        return Optional.of(
                changed(file, "changed while it was in use")
                        .found(
                                now.modified.equals(modified)
                                        ? "another file in its place"
                                        : "a write at " + now.modified));
    }

    private static Problem changed(Path file, String how) {
        return Problem.input(file.toString(), how)
                .hint("do not change the inputs during a run, and start again");
    }
}
