package jmergekit.publish;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Brings what the system holds in memory to the disk, so that it outlives a power cut.
public final class DiskSync {
    private DiskSync() {}

    /// The names in a folder, where the system has that for folders.
    public static void folder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            // Windows opens no folders.
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (IOException e) {
            // Some file systems have no such thing for folders.
            if (!String.valueOf(e.getMessage()).matches("Invalid argument|.*not supported")) {
                throw e;
            }
        }
    }

    /// The names in a folder and in all folders in it.
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
