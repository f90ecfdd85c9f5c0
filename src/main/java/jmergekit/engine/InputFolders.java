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

/// The locations of a plan's folders.
///
/// @param folders by their names in the plan
/// @param states of the folders' files before any of them was read
public record InputFolders(Map<String, Path> folders, List<FolderState> states) {
    /// The name that plans use for the folder of tensors computed for the run itself. No model can
    /// have this name.
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

    /// A file's remote data, if it is on another machine.
    Optional<RemoteFile> remote(Path file) {
        return states.stream().map(s -> s.remote().get(file)).filter(Objects::nonNull).findFirst();
    }

    /// How far ahead, in bytes, remote files should be requested; 0 if all files are on this
    /// machine.
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
            throw new IllegalArgumentException("unknown folder " + name);
        }
        return folder;
    }
}
