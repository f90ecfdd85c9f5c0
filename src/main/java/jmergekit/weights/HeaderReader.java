package jmergekit.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Reads the header of an open weight file.
public interface HeaderReader<H> {
    /// The beginning of a Git LFS pointer, a short text file.
    String LFS_POINTER = "version ";

    H read(FileChannel channel) throws IOException;

    /// Opens a file for `reader`. Throws a [MergeException] that names the file if it cannot be
    /// read or is not a regular file.
    static <H> H open(Path file, HeaderReader<H> reader) {
        // Opening a pipe or a device could block forever.
        if (!Files.isRegularFile(file)) {
            throw new MergeException(
                    Problem.input(
                            file.toString(),
                            Files.exists(file) ? "is not a regular file" : "does not exist"));
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return reader.read(channel);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
    }

    /// Refuses the pointer that Git leaves in place of a large file that was not fetched.
    ///
    /// @param start the file's first bytes, at least as many as [#LFS_POINTER] has letters
    static void refuseLfsPointer(Path file, byte[] start) {
        if (new String(start, StandardCharsets.ISO_8859_1).startsWith(LFS_POINTER)) {
            throw new MergeException(
                    Problem.input(file.toString(), "is a Git LFS pointer, not the weights")
                            .hint("fetch them with 'git lfs pull'"));
        }
    }
}
