package jmergekit.weights;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Paths as users write them, where `~` is the home folder.
public final class LocalPath {
    private LocalPath() {}

    /// Resolves a path against a working directory. It is not normalised: `a/../b` exists only if
    /// `a` does.
    ///
    /// @throws InvalidPathException if the path is invalid on this system
    public static Path of(String text, Path workingDirectory) {
        return of(text, workingDirectory, System.getProperty("user.home", ""));
    }

    /// The same with another home folder.
    public static Path of(String text, Path workingDirectory, String home) {
        boolean isInHome = text.equals("~") || text.startsWith("~/");
        return workingDirectory.resolve(isInHome ? home + text.substring(1) : text);
    }
}
