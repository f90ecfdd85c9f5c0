package jmergekit.publish;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// What an output was made of, kept in its folder: a later run tells by it whether it would make the
/// same again.
public final class StageRecord {
    /// The file's name. It is hidden: loaders and uploads pass over it.
    public static final String NAME = ".jmergekit-stage.json";

    private StageRecord() {}

    /// Whether a folder holds an output with a record, so that another one of its kind may take its
    /// place.
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
    }

    /// Whether a folder holds, complete and unchanged, what a run with this record would make.
    public static boolean holds(Path folder, RunRecord record) {
        Optional<RunRecord> made = RunRecord.read(folder.resolve(NAME));
        return made.filter(m -> m.difference(record, folder).isEmpty()).isPresent()
                && Manifest.read(folder).filter(m -> m.differing(folder).isEmpty()).isPresent();
    }
}
