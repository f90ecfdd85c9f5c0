package jmergekit.weights;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jmergekit.problem.MergeException;

/// The states of the files directly in a folder, before any of them was read.
///
/// @param remote the files whose bytes are on another machine
public record FolderState(Map<Path, FileState> files, Map<Path, RemoteFile> remote) {
    /// The state of a folder whose files do not exist yet.
    public static final FolderState UNKNOWN = new FolderState(Map.of());

    /// The states of files that are all on disk.
    public FolderState(Map<Path, FileState> files) {
        this(files, Map.of());
    }

    public FolderState {
        files = Map.copyOf(files);
        remote = Map.copyOf(remote);
    }

    /// Omits files that cannot be read: their readers report the error.
    static FolderState of(Path folder) {
        Map<Path, FileState> states = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path file : files) {
                add(file, states);
            }
        } catch (IOException | DirectoryIteratorException _) {
            return new FolderState(states);
        }
        return new FolderState(states);
    }

    /// The state of one file, omitted if it cannot be read.
    static FolderState ofFile(Path file) {
        Map<Path, FileState> states = new HashMap<>();
        add(file, states);
        return new FolderState(states);
    }

    private static void add(Path file, Map<Path, FileState> states) {
        try {
            states.put(file, FileState.of(file));
        } catch (MergeException _) {
            // It was deleted, or cannot be read.
        }
    }
}
