package jmergekit.weights;

import java.nio.file.Path;
import java.util.List;

/// The header of a weight file, in any format: its tensors and where their data is.
///
/// A header that was read is consistent: the data of every tensor is inside the file.
public interface WeightHeader {
    Path file();

    /// The size of the file in bytes when its header was read; any number for one without tensors.
    long fileSize();

    /// The tensors by offset.
    List<TensorEntry> entries();

    /// SHA-256 of the names, dtypes, shapes and places of the tensors, as in `sha256:0f…`: two
    /// files with equal digests and sizes have the same layout.
    default String digest() {
        return HeaderDigest.of(entries());
    }

    /// The file's name without its folder.
    default String fileName() {
        return String.valueOf(file().getFileName());
    }
}
