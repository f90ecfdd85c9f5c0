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

    /// A run's own partial folder, with all that is in it, the lock last: without one nobody would
    /// know the folder for a run's.
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

    /// A file, or a folder with all that is in it.
    static void ofAny(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            ofAll(path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    /// What a run wrote into a folder, and the folder if nothing else is in it.
    ///
    /// @return whether the folder is gone
    public static boolean ofOurs(Path folder) throws IOException {
        FolderContent content = FolderContent.of(folder);
        // The list goes last: a removal that is stopped can go on.
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
                            // It holds what no run of ours wrote.
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
