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

/// The file that a recipe, a plan or a page is written to.
///
/// @param path absolute
/// @param given as it was typed
/// @param mark what files of this kind begin with: such a file may be replaced, and no other
record ResultFile(Path path, String given, String mark) {
    /// What HTML pages begin with.
    static final String PAGE = "<!DOCTYPE html>";

    /// Finds what would keep the file from being written.
    void check(Problems problems) {
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            problems.add(
                    refused("is a link to a file that does not exist")
                            .hint("make that file, or remove the link"));
            return;
        }
        Path parent = target().getParent();
        if (parent == null || Files.isDirectory(path)) {
            problems.add(refused("is a folder").hint("name a file in it"));
        } else if (!Files.isDirectory(parent)) {
            problems.add(refused("its folder does not exist").hint("make the folder first"));
        } else if (!Files.isWritable(parent)) {
            problems.add(refused("its folder cannot be written to").hint("choose another one"));
        } else if (Files.exists(path) && !isReplaceable()) {
            problems.add(
                    refused("the file exists and is something else")
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

    /// What the file is to hold.
    interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /// Writes a text: the file has all of it, or what it had before.
    void write(String text) {
        write(out -> out.write(text));
    }

    /// The same of what is written bit by bit.
    void write(Content content) {
        Path target = target();
        String name = target.getFileName() + "." + ProcessHandle.current().pid() + ".part";
        Path part = target.resolveSibling(name);
        try {
            Files.createFile(part);
        } catch (IOException e) {
            throw new MergeException(
                    refused("'%s' cannot be made beside it: %s".formatted(name, IoReason.of(e))),
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

    // A link stays, and the file that it leads to gets the text.
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
