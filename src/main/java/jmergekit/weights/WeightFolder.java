package jmergekit.weights;

import java.nio.file.Path;
import java.util.List;

/// A folder with a model's weights, of which only names and headers must be available: the weights
/// may still have to be fetched.
public interface WeightFolder {
    /// Where the files are, or will be.
    Path path();

    /// The states of the files directly in the folder before any of them was read, as far as they
    /// existed.
    default FolderState state() {
        return FolderState.UNKNOWN;
    }

    /// The names of the files directly in the folder. Throws a [jmergekit.problem.MergeException]
    /// if they cannot be listed.
    List<String> names();

    /// Whether this file exists.
    boolean holds(String name);

    /// Announces which headers will be needed next, so that they can be fetched together.
    default void prepare(WeightFormat format, List<String> names) {}

    /// The header of a file of that format.
    WeightHeader header(WeightFormat format, String name);

    /// A folder from which no weights are read.
    static WeightFolder empty(Path path) {
        return new DiskFolder(path, FolderState.UNKNOWN);
    }

    /// A single file on disk, without other files of its folder.
    static WeightFolder ofFile(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        String name = file.getFileName().toString();
        return new SingleFile(empty(folder), name, FolderState.ofFile(file));
    }

    /// A single file in a folder, without the other files.
    ///
    /// @param path the path of the file in the folder, with forward slashes
    static WeightFolder ofFile(WeightFolder folder, String path) {
        return new SingleFile(folder, path, folder.state());
    }

    /// A folder whose files are all on disk.
    static WeightFolder onDisk(Path path) {
        return new DiskFolder(path, FolderState.of(path));
    }
}
