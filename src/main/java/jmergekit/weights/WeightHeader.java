package jmergekit.weights;

import java.nio.file.Path;
import java.util.List;

/// What a weight file says of itself, in whichever format: its tensors and where their data is.
///
/// A header that was read is consistent: the data of every tensor lies inside the file.
public interface WeightHeader {
    Path file();

    /// The size the file had when its header was read, in bytes; any number for one without tensors.
    long fileSize();

    /// The tensors by offset.
    List<TensorEntry> entries();

    /// SHA-256 of the names, dtypes, shapes and places of the tensors, as in `sha256:0f…`: two files
    /// with the same one and the same size are laid out alike.
    default String digest() {
        return HeaderDigest.of(entries());
    }

    /// The file's name without its folder.
    default String fileName() {
        return String.valueOf(file().getFileName());
    }
}
