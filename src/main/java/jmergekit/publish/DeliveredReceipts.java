package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Path;
import jmergekit.shards.ShardFolder;
import jmergekit.shards.ShardLayout;

/// Records finished shards, and passes them to the delivery once they have their names.
record DeliveredReceipts(Notes notes, ShardDelivery delivery) implements ShardFolder.Receipts {
    /// Where finished shards are recorded.
    interface Notes {
        void add(ShardLayout.Shard shard, String note) throws IOException;
    }

    @Override
    public void finished(ShardLayout.Shard shard, String note) throws IOException {
        notes.add(shard, note);
    }

    @Override
    public void named(ShardLayout.Shard shard, String note, Path file) {
        delivery.finished(shard, note, file);
    }
}
