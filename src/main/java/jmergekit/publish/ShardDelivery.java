package jmergekit.publish;

import java.nio.file.Path;
import jmergekit.shards.ShardLayout;

/// Takes each shard elsewhere as soon as it is finished, while others are still being made.
interface ShardDelivery {
    /// Leaves them where they are.
    ShardDelivery NONE = (_, _, _) -> {};

    /// Is told of a shard that is finished, noted and has its name, by the thread that finished it.
    ///
    /// @param note that of [jmergekit.shards.ShardWriter#finishShard]
    void finished(ShardLayout.Shard shard, String note, Path file);

    /// Waits for shards that are on their way.
    ///
    /// @throws jmergekit.problem.MergeException if one did not get there
    default void await() {}
}
