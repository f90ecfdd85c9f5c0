package jmergekit.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import jmergekit.model.InputFile;
import jmergekit.plan.PlannedFile;
import jmergekit.weights.FolderState;
import jmergekit.weights.RemoteFile;

/// Where the folders of a plan lie.
///
/// @param folders by what the plan calls them
/// @param states of the folders' files before any of them was read
public record InputFolders(Map<String, Path> folders, List<FolderState> states) {
    /// What plans call the folder of tensors that were computed for the run itself. No model can be
    /// called so.
    public static final String SCRATCH = "";

    public InputFolders {
        folders = new TreeMap<>(folders);
        states = List.copyOf(states);
    }

    public Path path(InputFile file) {
        return folder(file.folder()).resolve(file.name());
    }

    public Path path(PlannedFile.Copy file) {
        return folder(file.folder()).resolve(file.path());
    }

    /// A file's bytes, if they are on another machine.
    Optional<RemoteFile> remote(Path file) {
        return states.stream().map(s -> s.remote().get(file)).filter(Objects::nonNull).findFirst();
    }

    /// How far ahead remote files are best asked for, in bytes; 0 if all files are on this machine.
    long remoteAheadBytes() {
        return states.stream()
                .flatMap(s -> s.remote().values().stream())
                .mapToLong(RemoteFile::aheadBytes)
                .max()
                .orElse(0);
    }

    private Path folder(String name) {
        Path folder = folders.get(name);
        if (folder == null) {
            throw new IllegalArgumentException("no folder is known for " + name);
        }
        return folder;
    }
}
