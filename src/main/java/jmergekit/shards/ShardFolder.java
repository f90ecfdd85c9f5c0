package jmergekit.shards;

import java.io.IOException;
import java.nio.file.Path;

/// Where shards are written, and how.
///
/// @param suffix added to a shard's name until it is finished
/// @param sync whether complete files are flushed to the disk
public record ShardFolder(Path path, String suffix, boolean sync, Receipts receipts) {
    /// The usual suffix.
    public static final String UNFINISHED = ".writing";

    /// Called for each shard that is complete and about to get its name, on the thread that
    /// finishes it.
    public interface Receipts {
        void finished(ShardLayout.Shard shard, String note) throws IOException;

        /// Called again once the shard has its name. Throws a [jmergekit.problem.MergeException] to
        /// end the output.
        default void named(ShardLayout.Shard shard, String note, Path file) {}
    }

    Path file(ShardLayout.Shard shard) {
        return path.resolve(shard.fileName());
    }

    /// A folder whose shards are not reported.
    public static ShardFolder of(Path path, boolean sync) {
        return new ShardFolder(path, UNFINISHED, sync, (_, _) -> {});
    }
}
