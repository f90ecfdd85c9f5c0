package jmergekit.djl;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Where native libraries are unpacked to and loaded from: DJL's cache in the home folder, or a
/// private folder under the temporary one if there is no home. Code that another user could have put
/// there is not loaded.
public final class LibraryFolder {
    private static final String SETTING = "DJL_CACHE_DIR";
    private static final String ENGINES = "ENGINE_CACHE_DIR";
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");
    private static final int DEEPEST = 4;
    private static final int ROOT = 0;

    private LibraryFolder() {}

    /// Makes DJL use the folder, and gives it.
    ///
    /// @throws MergeException if another user can write there
    public static synchronized Path use() {
        Path folder = setting(ENGINES).or(() -> setting(SETTING)).orElseGet(LibraryFolder::own);
        check(folder);
        if (setting(ENGINES).isEmpty() && setting(SETTING).isEmpty()) {
            System.setProperty(SETTING, folder.toString());
        }
        return folder;
    }

    private static Optional<Path> setting(String name) {
        return Stream.of(System.getenv(name), System.getProperty(name))
                .filter(Objects::nonNull)
                .filter(v -> !v.isEmpty())
                .map(Path::of)
                .findFirst();
    }

    private static Path own() {
        Path home = Path.of(System.getProperty("user.home", ""));
        if (home.isAbsolute() && Files.isWritable(home)) {
            return home.resolve(".djl.ai");
        }
        String user = System.getProperty("user.name", "").replaceAll("[^\\w.-]", "_");
        return Path.of(System.getProperty("java.io.tmpdir"), "jmergekit-libraries-" + user);
    }

    /// Makes the folder if there is none; else refuses it if others may change what it holds.
    static void check(Path folder) {
        try {
            // A file store is not asked: in a changed root (chroot) its mount point is not found.
            if (folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                checkOwners(folder);
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(
                                    folder.toString(),
                                    "native libraries cannot be unpacked there: " + e)
                            .hint("name another folder with " + SETTING),
                    e);
        }
    }

    private static void checkOwners(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            return;
        } catch (FileAlreadyExistsException _) {
            // It may be an earlier run's, or somebody's trap.
        }
        int me = user();
        boolean isTemporary =
                folder.toAbsolutePath()
                        .startsWith(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
        if (isTemporary && Files.isSymbolicLink(folder)) {
            throw refused(folder, "it is a link");
        }
        Path real = folder.toRealPath();
        checkOwner(real, me);
        if (mode(real, 077) == 0) {
            // Nobody else can look into it.
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(real, DEEPEST)) {
            all = files.toList();
        }
        for (Path path : all) {
            checkOwner(path, me);
        }
    }

    private static void checkOwner(Path path, int me) throws IOException {
        int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != me && owner != ROOT) {
            throw refused(path, "it belongs to the user with id " + owner);
        }
        if (!Files.isSymbolicLink(path) && mode(path, 02) != 0) {
            throw refused(path, "everybody may write to it");
        }
    }

    private static int mode(Path path, int bits) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & bits;
    }

    /// The number of the user who runs this.
    private static int user() throws IOException {
        Path probe = Files.createTempFile("jmergekit", null);
        try {
            return (int) Files.getAttribute(probe, "unix:uid");
        } finally {
            Files.delete(probe);
        }
    }

    private static MergeException refused(Path path, String why) {
        return new MergeException(
                Problem.input(
                                path.toString(),
                                "native libraries are not loaded from there, since another user"
                                        + " could have put them there: "
                                        + why)
                        .hint(
                                "remove it, or name a folder of your own with the environment"
                                        + " variable "
                                        + SETTING));
    }
}
