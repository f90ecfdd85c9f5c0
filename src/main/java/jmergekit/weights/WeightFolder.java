package jmergekit.weights;

import java.nio.file.Path;
import java.util.List;

/// A folder with a model's weights, of which only names and headers need to be at hand: the weights
/// may still have to be fetched.
public interface WeightFolder {
    /// Where the files are, or will be.
    Path path();

    /// The states that the files directly in the folder had before any of them was read, as far as
    /// they were there.
    default FolderState state() {
        return FolderState.UNKNOWN;
    }

    /// The names of the files directly in the folder. Throws a [jmergekit.problem.MergeException]
    /// if they cannot be listed.
    List<String> names();

    /// Whether there is such a file.
    boolean holds(String name);

    /// Says which headers will be asked for next, so that they can be fetched together.
    default void prepare(WeightFormat format, List<String> names) {}

    /// The header of a file of that format.
    WeightHeader header(WeightFormat format, String name);

    /// A folder that no weights are read from.
    static WeightFolder empty(Path path) {
        return new DiskFolder(path, FolderState.UNKNOWN);
    }

    /// A file on disk, without those beside it.
    static WeightFolder ofFile(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        String name = file.getFileName().toString();
        return new SingleFile(empty(folder), name, FolderState.ofFile(file));
    }

    /// A file of a folder, without those beside it.
    ///
    /// @param path of the file in the folder, with forward slashes
    static WeightFolder ofFile(WeightFolder folder, String path) {
        return new SingleFile(folder, path, folder.state());
    }

    /// A folder whose files are all on disk.
    static WeightFolder onDisk(Path path) {
        return new DiskFolder(path, FolderState.of(path));
    }
}
