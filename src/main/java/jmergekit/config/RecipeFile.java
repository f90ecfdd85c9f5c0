package jmergekit.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// A recipe's text from a file, which may be a pipe.
public final class RecipeFile {
    private RecipeFile() {}

    /// The file's text, or empty after adding a problem.
    ///
    /// @param name the file's name in messages
    public static Optional<String> text(Path file, String name, Problems problems) {
        try {
            return Optional.of(text(file, name));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    /// The file's text.
    ///
    /// @param name the file's name in messages
    /// @throws MergeException if the file cannot be read, is too large or is not UTF-8
    private static String text(Path file, String name) {
        if (Files.isDirectory(file)) {
            throw new MergeException(
                    Problem.usage(name, "is a folder").expected("a recipe in a file"));
        }
        byte[] bytes;
        // The limit is enforced while reading, since pipes and devices have no size.
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(4 * YamlReader.LONGEST_TEXT + 1);
        } catch (NoSuchFileException e) {
            throw new MergeException(Problem.usage(name, "no such file"), e);
        } catch (IOException e) {
            throw new MergeException(Problem.usage(name, "cannot be read").found(reason(e)), e);
        }
        if (bytes.length > 4 * YamlReader.LONGEST_TEXT) {
            throw new MergeException(
                    Problem.usage(name, "is too large for a recipe")
                            .expected("at most " + YamlReader.LONGEST_TEXT + " characters"));
        }
        return decode(name, bytes);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        // A file-system exception repeats the path in its message.
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private static String decode(String name, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            long line = 1 + out.flip().chars().filter(c -> c == '\n').count();
            throw new MergeException(
                    Problem.usage(name, "is not UTF-8 text")
                            .found("byte 0x%02X on line %d".formatted(in.get(), line))
                            .hint("save the file as UTF-8"));
        }
        return out.flip().toString();
    }
}
