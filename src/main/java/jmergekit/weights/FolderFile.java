package jmergekit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Tells the files of a model's folder from links that lead out of it and from pipes and devices. What
/// a folder of somebody else's links to is not the model's: a `LICENSE` may point at an access token,
/// and a merge would copy it to where an upload publishes it.
///
/// In the hub's cache all files of `snapshots/COMMIT` are links to `blobs` beside `snapshots`; those
/// are the folder's.
public final class FolderFile {
    private static final String SNAPSHOTS = "snapshots";
    private static final String BLOBS = "blobs";

    private FolderFile() {}

    /// What keeps a file from being read or copied. None of a file that does not exist.
    ///
    /// @param folder the model's
    /// @param where how messages call the file
    public static Optional<Problem> problem(Path folder, Path file, String where) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        // Opening a pipe or a device could wait for ever.
        if (!Files.isRegularFile(file)) {
            return Optional.of(Problem.input(where, "is not a regular file"));
        }
        try {
            Path real = file.toRealPath();
            Path root = folder.toRealPath();
            if (real.startsWith(root) || isBlob(root, real)) {
                return Optional.empty();
            }
            return Optional.of(
                    Problem.input(where, "is a link that leads out of the model's folder")
                            .found(real.toString())
                            .hint("if the model is to have that file, put a copy in its place"));
        } catch (IOException e) {
            return Optional.of(Problem.input(where, "cannot be read: " + IoReason.of(e)));
        }
    }

    /// Throws a [MergeException] if there is such a problem.
    public static void check(Path folder, Path file, String where) {
        problem(folder, file, where)
                .ifPresent(p -> {
                    throw new MergeException(p);
                });
    }

    private static boolean isBlob(Path folder, Path file) {
        for (Path p = folder; p != null && p.getFileName() != null; p = p.getParent()) {
            if (p.getFileName().toString().equals(SNAPSHOTS)) {
                return file.startsWith(p.resolveSibling(BLOBS));
            }
        }
        return false;
    }
}
