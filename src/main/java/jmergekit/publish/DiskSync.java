package jmergekit.publish;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Flushes what the system holds in memory to the disk, so that it survives a power cut.
public final class DiskSync {
    private DiskSync() {}

    /// The entries of a folder, on systems that support this for folders.
    public static void folder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            // Windows cannot open folders.
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (IOException e) {
            // Some file systems do not support this for folders.
            if (!String.valueOf(e.getMessage()).matches("Invalid argument|.*not supported")) {
                throw e;
            }
        }
    }

    /// The entries of a folder and of all folders in it.
    public static void folders(Path folder) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.walk(folder)) {
            folders = all.filter(Files::isDirectory).toList();
        }
        for (Path each : folders) {
            folder(each);
        }
    }
}
