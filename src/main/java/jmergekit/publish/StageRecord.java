package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/// What an output was made from, kept in its folder: a later run checks it to see whether it would
/// make the same output again.
public final class StageRecord {
    /// The file's name. It is hidden: loaders and uploads skip it.
    public static final String NAME = ".jmergekit-stage.json";

    private StageRecord() {}

    /// Whether a folder holds an output with a record, so that another output of this kind may
    /// replace it.
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
    }

    /// Whether a folder holds what a run with this record would make. Small files are compared by
    /// hash; other files must have their size, and must not be newer than the record.
    public static boolean holds(Path folder, RunRecord record) {
        Optional<RunRecord> made = RunRecord.read(folder.resolve(NAME));
        Optional<Manifest> manifest = Manifest.read(folder);
        return made.filter(m -> m.difference(record, folder.toString()).isEmpty()).isPresent()
                && manifest.filter(m -> m.differing(folder).isEmpty() && isOld(m, folder))
                        .isPresent();
    }

    private static boolean isOld(Manifest manifest, Path folder) {
        try {
            FileTime written = Files.getLastModifiedTime(folder.resolve(NAME));
            for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
                boolean isHashed = file.getValue().sha256().isPresent();
                if (!isHashed
                        && Files.getLastModifiedTime(folder.resolve(file.getKey()))
                                        .compareTo(written)
                                > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
