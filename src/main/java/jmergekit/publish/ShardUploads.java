package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.problem.MergeException;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.shards.ShardLayout;
import jmergekit.threads.AsyncValue;
import jmergekit.threads.Cancellation;
import org.jspecify.annotations.Nullable;

/// Uploads finished shards to a store, one at a time, while the next ones are made. An uploaded
/// shard leaves a [HollowFile] on this machine. A thread that finishes a shard during an upload
/// waits for that upload: the network is slower than the disk, which would otherwise fill up.
final class ShardUploads implements ShardDelivery {
    /// Smaller shards stay whole, because the manifest of an output has hashes of small files.
    static final long SMALL_BYTES = 16 << 20;

    /// A store that does not answer delays the program's exit no longer than this.
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(200);

    private final ObjectStore store;
    private final ObjectPath target;
    private final Cancellation cancellation = new Cancellation();
    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    private volatile boolean isEnding;
    private @Nullable AsyncValue<String> upload;

    ShardUploads(ObjectStore store, ObjectPath target) {
        this.store = store;
        this.target = target;
    }

    /// The shards that are in the store, by file name.
    Set<String> delivered() {
        return delivered;
    }

    /// Adds a shard that was in the store already.
    void found(String shard) {
        delivered.add(shard);
    }

    /// Uploads any file of the output.
    void upload(String name, Path file) {
        store.upload(target.child(name), file, _ -> {}, cancellation);
    }

    @Override
    public synchronized void finished(ShardLayout.Shard shard, String note, Path file) {
        await();
        upload = AsyncValue.start(() -> deliver(shard, note, file));
    }

    private String deliver(ShardLayout.Shard shard, String note, Path file) {
        upload(shard.fileName(), file);
        store.write(
                StoredOutput.note(target, shard.fileName()), FinishedShard.of(shard, note).text());
        delivered.add(shard.fileName());
        if (shard.fileSize() > SMALL_BYTES) {
            try {
                HollowFile.make(file, shard);
            } catch (IOException e) {
                throw OutputFiles.failure(file, e);
            }
        }
        return shard.fileName();
    }

    @Override
    public synchronized void await() {
        AsyncValue<String> current = upload;
        upload = null;
        if (current != null) {
            while (!isEnding && !current.isDoneWithin(LOOK)) {
                // The program may start to exit in the meantime.
            }
            if (isEnding && !current.isDoneWithin(LONGEST_END)) {
                cancellation.check();
            }
            current.get();
        }
    }

    /// Makes uploads end soon, because the program is exiting. Does not wait: each upload cleans up
    /// after itself.
    void stopAtExit() {
        cancellation.cancel();
        isEnding = true;
    }

    /// Cancels a running upload; the store keeps no part of it.
    void stop() {
        cancellation.cancel();
        try {
            await();
        } catch (MergeException | Cancellation.Cancelled _) {
            // The output has already failed for this or another reason.
        }
    }
}
