package jmergekit.weights;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Paths as users write them, where `~` is the home folder.
public final class LocalPath {
    private LocalPath() {}

    /// The path, from a working directory. It is not made shorter: `a/../b` exists only where `a` does.
    ///
    /// @throws InvalidPathException if the system has no such path
    public static Path of(String text, Path workingDirectory) {
        return of(text, workingDirectory, System.getProperty("user.home", ""));
    }

    /// The same where something else is the home folder.
    public static Path of(String text, Path workingDirectory, String home) {
        boolean isInHome = text.equals("~") || text.startsWith("~/");
        return workingDirectory.resolve(isInHome ? home + text.substring(1) : text);
    }
}
