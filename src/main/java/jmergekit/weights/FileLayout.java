package jmergekit.weights;

import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// A weight file that is to be written, in whichever format: where the data of its tensors goes, and
/// the bytes around it. It is fixed before a byte is written.
public interface FileLayout {
    /// Bytes at a place in the file.
    ///
    /// @param begin in bytes from the start of the file
    record Piece(long begin, byte[] bytes) {}

    /// The tensors in the order of their data.
    List<TensorEntry> entries();

    /// The size of the whole file, in bytes.
    long fileSize();

    /// The first bytes of the file, up to the data or to what depends on it. They name all tensors, so
    /// files of other tensors have another head.
    byte[] head();

    /// Whether [#pieces] needs checksums.
    default boolean hasChecksums() {
        return false;
    }

    /// What else is written around the data, once all of that is known.
    ///
    /// @param crc32 of a tensor's data, by its name
    default Stream<Piece> pieces(ToIntFunction<String> crc32) {
        return Stream.empty();
    }

    /// What the file says of itself besides its tensors; empty where it says the usual, or the format
    /// has no place for it.
    default Map<String, String> metadata() {
        return Map.of();
    }

    /// The same file with this metadata, if the format has a place for it.
    ///
    /// @param fileName how messages call the file
    default FileLayout withMetadata(String fileName, Map<String, String> other) {
        return this;
    }

    /// Bytes of tensor data in the file.
    default long dataBytes() {
        return entries().stream().mapToLong(e -> e.spec().bytes()).sum();
    }
}
