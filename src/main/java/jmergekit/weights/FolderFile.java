package jmergekit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Distinguishes the files of a model's folder from pipes, devices, and links that lead out of the
/// folder. The target of such a link in a stranger's folder is not part of the model: a `LICENSE`
/// may point to an access token, and a merge would copy the token to a place from which an upload
/// publishes it.
///
/// In the hub's cache all files of `snapshots/COMMIT` are links to `blobs` next to `snapshots`;
/// those count as files of the folder.
public final class FolderFile {
    private static final String SNAPSHOTS = "snapshots";
    private static final String BLOBS = "blobs";

    private FolderFile() {}

    /// What stops a file from being read or copied. Empty for a file that does not exist.
    ///
    /// @param folder the model's folder
    /// @param where the name of the file in messages
    public static Optional<Problem> problem(Path folder, Path file, String where) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        // Opening a pipe or a device could block forever.
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
                            .hint("if the model needs that file, put a copy in its place"));
        } catch (IOException e) {
            return Optional.of(Problem.input(where, "cannot be read: " + IoReason.of(e)));
        }
    }

    /// Throws a [MergeException] if there is a problem.
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
