package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much room a folder has.
public final class DiskSpace {
    private DiskSpace() {}

    /// Bytes that the user may write; a number larger than any disk if the file system does not
    /// say.
    public static long free(Path folder) {
        return isTold(folder) ? folder.toFile().getUsableSpace() : Long.MAX_VALUE;
    }

    /// Whether a folder can be made in it. Needed for file systems that report no size, such as
    /// `/proc`: permissions do not show whether they can hold a user's files.
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
