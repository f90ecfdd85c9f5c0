package jmergekit.engine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The output folder: filled beside its destination, under another name, and renamed when complete. A
/// run that fails or is stopped leaves nothing that loads, and an earlier output as it was.
public final class OutputFolder implements AutoCloseable {
    private static final String PARTIAL = ".partial-";

    private final Path target;
    private final Path partial;
    private final Thread hook;
    // Guarded by this folder's lock: publishing and the removal by an interrupt exclude each other.
    private boolean published;
    private boolean removed;

    private OutputFolder(Path target, Path partial) {
        this.target = target;
        this.partial = partial;
        this.hook = new Thread(this::remove, "remove-partial-output");
    }

    private synchronized void remove() {
        if (!published) {
            removed = true;
            deleteQuietly(partial);
        }
    }

    /// Finds what would keep a run from writing to `target`, before it starts.
    ///
    /// @param overwrite whether an earlier model there may be replaced
    public static void check(Path target, boolean overwrite, Problems problems) {
        String where = target.toString();
        if (Files.exists(target) && !Files.isDirectory(target)) {
            problems.add(Problem.output(where, "exists and is not a folder"));
        } else if (Files.isDirectory(target) && !isEmpty(target)) {
            if (!overwrite) {
                problems.add(
                        Problem.output(where, "the output folder is not empty")
                                .hint("give --overwrite to replace the model in it"));
            } else if (!looksLikeModel(target)) {
                problems.add(
                        Problem.output(where, "the output folder holds something else than a model")
                                .hint(
                                        "--overwrite only replaces folders with a config.json or adapter_config.json"));
            }
        }
    }

    /// The same for what only a plan tells.
    ///
    /// @param inputs folders that are read and must not be replaced
    /// @param bytes of tensor data to be written
    public static void check(Path target, List<Path> inputs, long bytes, Problems problems) {
        if (inputs.stream().anyMatch(input -> isSame(target, input))) {
            problems.add(
                    Problem.output(target.toString(), "the output folder is also an input")
                            .hint("choose another output folder"));
        }
        checkSpace(target, bytes, problems);
    }

    private static void checkSpace(Path target, long bytes, Problems problems) {
        Path existing = target;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            long free = existing == null ? Long.MAX_VALUE : existing.toFile().getUsableSpace();
            if (free < bytes) {
                problems.add(
                        Problem.output(target.toString(), "not enough disk space")
                                .expected(ByteSize.text(bytes))
                                .found(ByteSize.text(free)));
            }
        } catch (SecurityException e) {
            problems.add(Problem.output(target.toString(), "cannot be read: " + e.getMessage()));
        }
    }

    /// Makes the folder that the run fills, and removes what a killed earlier run left beside it.
    public static OutputFolder create(Path target) {
        Path parent = target.getParent();
        String name = target.getFileName().toString();
        try {
            Files.createDirectories(parent);
            removeStale(parent, name);
            Path partial = parent.resolve("." + name + PARTIAL + ProcessHandle.current().pid());
            deleteTree(partial);
            Files.createDirectory(partial);
            OutputFolder folder = new OutputFolder(target, partial);
            Runtime.getRuntime().addShutdownHook(folder.hook);
            return folder;
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private static void removeStale(Path parent, String name) throws IOException {
        String prefix = "." + name + PARTIAL;
        try (Stream<Path> siblings = Files.list(parent)) {
            for (Path sibling : siblings.toList()) {
                String file = sibling.getFileName().toString();
                if (file.startsWith(prefix) && isDead(file.substring(prefix.length()))) {
                    deleteTree(sibling);
                }
            }
        }
    }

    private static boolean isDead(String pid) {
        try {
            return ProcessHandle.of(Long.parseLong(pid)).isEmpty();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// Where to write until [#publish].
    public Path partial() {
        return partial;
    }

    /// Writes one file into it.
    public void add(OutputFile file) {
        Path path = partial.resolve(file.name()).normalize();
        if (!path.startsWith(partial)) {
            throw new IllegalArgumentException("outside the output folder: " + file.name());
        }
        try {
            Files.createDirectories(path.getParent());
            switch (file) {
                case OutputFile.Text text ->
                        Files.writeString(path, text.text(), StandardCharsets.UTF_8);
                case OutputFile.Made made -> write(made, path);
                case OutputFile.Copy copy -> Files.copy(copy.source(), path);
            }
        } catch (IOException e) {
            throw failure(target.resolve(file.name()), e);
        }
    }

    private static void write(OutputFile.Made made, Path path) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            made.content().writeTo(out);
        }
    }

    /// Renames the complete folder to its destination; an earlier one makes room first.
    public synchronized void publish() {
        if (removed) {
            return;
        }
        Path old = partial.resolveSibling(partial.getFileName() + ".old");
        try {
            if (Files.exists(target)) {
                move(target, old);
            }
            move(partial, target);
            published = true;
            deleteTree(old);
        } catch (IOException e) {
            restore(old);
            throw failure(target, e);
        }
    }

    private void restore(Path old) {
        if (Files.exists(old) && !Files.exists(target)) {
            try {
                move(old, target);
            } catch (IOException e) {
                throw new MergeException(
                        Problem.output(target.toString(), "the earlier output is now at " + old),
                        e);
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending: the hook has the folder now.
        }
    }

    private static boolean isSame(Path a, Path b) {
        try {
            return Files.exists(a) && Files.isSameFile(a, b);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean looksLikeModel(Path folder) {
        return Stream.of("config.json", "mergekit_config.yml", "adapter_config.json")
                .anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    private static MergeException failure(Path where, IOException e) {
        String reason = e.getMessage() == null ? "" : ": " + e.getMessage();
        return new MergeException(
                Problem.output(
                        where.toString(),
                        "cannot be written (" + e.getClass().getSimpleName() + reason + ")"),
                e);
    }

    private static void deleteQuietly(Path folder) {
        try {
            deleteTree(folder);
        } catch (IOException e) {
            // Without a config.json it does not load, and the next run removes it.
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                            throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
