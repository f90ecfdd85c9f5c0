package jmergekit.output;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/// Knows the files of a folder that are not there yet.
public interface PendingFiles {
    /// All files are there.
    PendingFiles NONE = (_, _) -> Map.of();

    /// Sizes in bytes by path in the folder, with forward slashes.
    ///
    /// @param paths which of them are wanted
    Map<String, Long> of(Path folder, Predicate<String> paths);
}
