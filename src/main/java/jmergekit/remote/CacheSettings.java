package jmergekit.remote;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.s3.ObjectPath;
import jmergekit.weights.LocalPath;

/// Where a run stores its parts of remote files, and how much it may store.
///
/// @param folder shared between runs
/// @param bytes the limit for bytes fetched ahead
record CacheSettings(Path folder, long bytes) {
    private static final Pattern GIGABYTES = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,6})?");
    private static final double DEFAULT_GIGABYTES = 4;

    /// Reads the environment variables.
    ///
    /// @param workingDirectory the base of relative folders
    /// @throws MergeException if a variable is invalid
    static CacheSettings of(Map<String, String> environment, Path workingDirectory) {
        return new Variables(environment, workingDirectory).settings();
    }

    private record Variables(Map<String, String> environment, Path workingDirectory) {
        CacheSettings settings() {
            Path folder =
                    folder("JMERGEKIT_CACHE")
                            .orElseGet(() ->
                                    folder("XDG_CACHE_HOME")
                                            .orElseGet(() -> expanded("~/.cache"))
                                            .resolve("jmergekit"));
            return new CacheSettings(folder, (long) (gigabytes() * 1e9));
        }

        private Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name))
                    .map(String::strip)
                    .filter(v -> !v.isEmpty());
        }

        private Optional<Path> folder(String name) {
            return text(name).map(this::expanded);
        }

        private Path expanded(String path) {
            if (ObjectPath.isMeant(path)) {
                throw new MergeException(
                        Problem.usage(path, "the cache must be on this machine, not in a store")
                                .hint("name a folder in JMERGEKIT_CACHE"));
            }
            String home = text("HOME").orElseGet(() -> System.getProperty("user.home", ""));
            try {
                return LocalPath.of(path, workingDirectory, home).normalize();
            } catch (InvalidPathException e) {
                throw new MergeException(Problem.usage(path, "not a valid path"), e);
            }
        }

        private double gigabytes() {
            String text = text("JMERGEKIT_CACHE_GB").orElse("");
            if (text.isEmpty()) {
                return DEFAULT_GIGABYTES;
            }
            if (!GIGABYTES.matcher(text).matches()) {
                throw new MergeException(
                        Problem.usage("JMERGEKIT_CACHE_GB", "not a number of gigabytes")
                                .expected("a number such as 4 or 0.5")
                                .found("'" + text + "'"));
            }
            return Double.parseDouble(text);
        }
    }
}
