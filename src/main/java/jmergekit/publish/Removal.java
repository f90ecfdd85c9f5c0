package jmergekit.publish;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// Deletes folders. Links are deleted, never followed.
public final class Removal {
    private Removal() {}

    /// Deletes a run's own partial folder with all its content, the lock last: without a lock
    /// nobody would recognise it as a run's folder.
    public static void ofAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path lock = folder.resolve(RunLock.NAME);
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!file.equals(lock)) {
                            Files.deleteIfExists(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                            throws IOException {
                        if (!visited.equals(folder)) {
                            Files.deleteIfExists(visited);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        Files.deleteIfExists(lock);
        Files.deleteIfExists(folder);
    }

    /// Deletes a file, or a folder with all its content.
    static void ofAny(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            ofAll(path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    /// Deletes what a run wrote to a folder, and the folder if nothing else is in it.
    ///
    /// @return whether the folder is gone
    public static boolean ofOurs(Path folder) throws IOException {
        FolderContent content = FolderContent.of(folder);
        // The manifest goes last, so that an interrupted removal can continue.
        for (Path file : content.ours()) {
            if (!file.endsWith(Manifest.NAME)) {
                Files.deleteIfExists(file);
            }
        }
        if (content.others().isEmpty()) {
            Files.deleteIfExists(folder.resolve(Manifest.NAME));
        }
        return removeEmpty(folder);
    }

    private static boolean removeEmpty(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                            throws IOException {
                        try {
                            Files.deleteIfExists(visited);
                        } catch (DirectoryNotEmptyException e) {
                            // It holds files that none of our runs wrote.
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
        return !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    }
}
