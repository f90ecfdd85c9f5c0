package jmergekit.output;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/// Knows the files of a folder that are not downloaded yet.
public interface PendingFiles {
    /// All files exist.
    PendingFiles NONE = (_, _) -> Map.of();

    /// Sizes in bytes by path in the folder, with forward slashes.
    ///
    /// @param paths selects files by path
    Map<String, Long> of(Path folder, Predicate<String> paths);
}
