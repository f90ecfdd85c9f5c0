package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What there is room for in a folder.
public final class DiskSpace {
    private DiskSpace() {}

    /// Bytes that a user may write; more than there are anywhere if the file system does not say.
    public static long free(Path folder) {
        return isTold(folder) ? folder.toFile().getUsableSpace() : Long.MAX_VALUE;
    }

    /// Whether a folder can be made in it. Asked of file systems of no size, such as `/proc`: whether
    /// they hold files of users, permissions do not say.
    static boolean takesFolders(Path folder) {
        if (isTold(folder)) {
            return true;
        }
        try {
            Files.delete(Files.createTempDirectory(folder, ".jmergekit-"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTold(Path folder) {
        return folder.toFile().getTotalSpace() > 0;
    }
}
