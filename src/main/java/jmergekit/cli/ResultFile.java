package jmergekit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;

/// A file to write a recipe, a plan or a page to.
///
/// @param path absolute
/// @param given the path as the user typed it
/// @param mark how files of this kind begin; only such files may be replaced
record ResultFile(Path path, String given, String mark) {
    /// How HTML pages begin.
    static final String PAGE = "<!DOCTYPE html>";

    /// Finds problems that would prevent writing the file.
    void check(Problems problems) {
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            problems.add(
                    refused("is a link to a nonexistent file")
                            .hint("create that file, or remove the link"));
            return;
        }
        Path parent = target().getParent();
        if (parent == null || Files.isDirectory(path)) {
            problems.add(refused("is a folder").hint("give a file in it"));
        } else if (!Files.isDirectory(parent)) {
            problems.add(refused("its folder does not exist").hint("create the folder first"));
        } else if (!Files.isWritable(parent)) {
            problems.add(refused("its folder is not writable").hint("choose another folder"));
        } else if (Files.exists(path) && !isReplaceable()) {
            problems.add(
                    refused("the file exists and is of another kind")
                            .expected("a file that begins with '%s'".formatted(mark))
                            .hint("remove it, or choose another name"));
        }
    }

    private boolean isReplaceable() {
        byte[] begin = mark.getBytes(StandardCharsets.UTF_8);
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(begin.length), begin);
        } catch (IOException e) {
            return false;
        }
    }

    /// The content of the file.
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /// Writes a text atomically: on failure the file keeps its old content.
    void write(String text) {
        write(out -> out.write(text));
    }

    /// The same for content written piece by piece.
    void write(Content content) {
        Path target = target();
        String name = target.getFileName() + "." + ProcessHandle.current().pid() + ".part";
        Path part = target.resolveSibling(name);
        try {
            Files.createFile(part);
        } catch (IOException e) {
            throw new MergeException(
                    refused(
                            "'%s' cannot be created next to it: %s"
                                    .formatted(name, IoReason.of(e))),
                    e);
        }
        try {
            try (Writer out = Files.newBufferedWriter(part)) {
                content.writeTo(out);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure(e);
        } catch (UncheckedIOException e) {
            throw failure(e.getCause());
        } finally {
            part.toFile().delete();
        }
    }

    private MergeException failure(IOException e) {
        return new MergeException(refused("cannot be written: " + IoReason.of(e)), e);
    }

    // A link is kept, and the file it points to is written.
    private Path target() {
        try {
            return Files.exists(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            return path;
        }
    }

    private Problem refused(String what) {
        return Problem.output(given, what);
    }
}
