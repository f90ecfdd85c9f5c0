package jmergekit.weights;

import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// A weight file to be written, in any format: where the data of its tensors goes, and the bytes
/// around it. It is fixed before a byte is written.
public interface FileLayout {
    /// Bytes at an offset in the file.
    ///
    /// @param begin in bytes from the start of the file
    record Piece(long begin, byte[] bytes) {}

    /// The tensors in the order of their data.
    List<TensorEntry> entries();

    /// The size of the whole file, in bytes.
    long fileSize();

    /// The first bytes of the file, up to the data or to bytes that depend on it. They name all
    /// tensors, so files with other tensors have a different head.
    byte[] head();

    /// Whether [#pieces] needs checksums.
    default boolean hasChecksums() {
        return false;
    }

    /// The other bytes around the data, once all checksums are known.
    ///
    /// @param crc32 returns the checksum of a tensor's data, by its name
    default Stream<Piece> pieces(ToIntFunction<String> crc32) {
        return Stream.empty();
    }

    /// The file's metadata besides its tensors; empty if it is the default, or the format cannot
    /// store it.
    default Map<String, String> metadata() {
        return Map.of();
    }

    /// The same file with this metadata, if the format can store it.
    ///
    /// @param fileName the name of the file in messages
    default FileLayout withMetadata(String fileName, Map<String, String> other) {
        return this;
    }

    /// Bytes of tensor data in the file.
    default long dataBytes() {
        return entries().stream().mapToLong(e -> e.spec().bytes()).sum();
    }
}
