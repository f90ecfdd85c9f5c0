package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.shards.ShardLayout;
import jmergekit.threads.Jobs;
import jmergekit.threads.TransferThreads;

/// Finished shards in a store. A run resumes from them as if they had been made on this machine;
/// for a large shard, a hollow file is enough.
record StoredShards(ObjectStore store, StoredOutput there, OutputPlace place) {
    // A store takes tens of milliseconds to answer.
    private static final Jobs JOBS = new TransferThreads();

    /// Makes the finished shards the place's [PartialOutput].
    ///
    /// @return their file names
    Set<String> restore(RunRecord record, List<ShardLayout.Shard> wanted) {
        Map<ShardLayout.Shard, FinishedShard> finished = new ConcurrentHashMap<>();
        forAll(wanted, shard -> there.finished(shard).ifPresent(f -> finished.put(shard, f)));
        Set<String> restored = ConcurrentHashMap.newKeySet();
        if (!finished.isEmpty()) {
            ShardRecords records = begin(record);
            forAll(
                    finished.keySet(),
                    shard -> {
                        restore(shard, finished.get(shard).note(), records);
                        restored.add(shard.fileName());
                    });
        }
        return restored;
    }

    private static void forAll(
            Collection<ShardLayout.Shard> shards, Consumer<ShardLayout.Shard> job) {
        JOBS.runAll(shards.stream().<Runnable>map(shard -> () -> job.accept(shard)).toList());
    }

    private ShardRecords begin(RunRecord record) {
        Path folder = place.partialOutput().folder();
        try {
            Removal.ofAll(folder);
            Files.createDirectories(folder);
            ShardRecords records = new ShardRecords(folder);
            records.begin(record, place.sync());
            return records;
        } catch (IOException e) {
            throw OutputFiles.failure(folder, e);
        }
    }

    private void restore(ShardLayout.Shard shard, String note, ShardRecords records) {
        Path file = records.folder().resolve(shard.fileName());
        ObjectPath object = there.target().child(shard.fileName());
        try {
            if (shard.fileSize() > ShardUploads.SMALL_BYTES) {
                HollowFile.create(file, shard, (begin, end) -> store.read(object, "", begin, end));
            } else {
                Files.write(file, store.read(object, "", 0, shard.fileSize()));
            }
            records.add(shard, note, place.sync());
        } catch (IOException e) {
            throw OutputFiles.failure(file, e);
        }
    }
}
