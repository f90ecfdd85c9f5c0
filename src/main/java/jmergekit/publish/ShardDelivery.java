package jmergekit.publish;

import java.nio.file.Path;
import jmergekit.shards.ShardLayout;

/// Takes each shard elsewhere as soon as it is finished, while others are still being made.
interface ShardDelivery {
    /// Leaves shards where they are.
    ShardDelivery NONE = (_, _, _) -> {};

    /// Called for each shard that is finished, recorded and has its name, on the thread that
    /// finished it.
    ///
    /// @param note the note of [jmergekit.shards.ShardWriter#finishShard]
    void finished(ShardLayout.Shard shard, String note, Path file);

    /// Waits for running transfers.
    ///
    /// @throws jmergekit.problem.MergeException if a transfer failed
    default void await() {}
}
