package jmergekit.shards;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import jmergekit.threads.AsyncValue;
import org.jspecify.annotations.Nullable;

/// Flushes a file to the disk piece by piece while it is written. Otherwise the system buffers
/// gigabytes, and the run waits for all of them when the file is complete. Only one thread at a
/// time calls it.
final class EarlySync {
    /// The number of bytes between two flushes: enough for the disk to write them in one go.
    private static final long EVERY = 128L << 20;

    private final FileChannel channel;
    private long added;
    private @Nullable AsyncValue<Optional<IOException>> running;
    private @Nullable IOException failure;

    EarlySync(FileChannel channel) {
        this.channel = channel;
    }

    /// Counts bytes that were written.
    void added(long bytes) {
        added += bytes;
        if (added >= EVERY && (running == null || running.isDone())) {
            collect();
            added = 0;
            running = AsyncValue.start(this::force);
        }
    }

    private Optional<IOException> force() {
        try {
            channel.force(false);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private void collect() {
        if (running != null && failure == null) {
            failure = running.get().orElse(null);
        }
    }

    /// Waits for the running flush. The system reports a failure only once, so it must not be lost.
    void finish() throws IOException {
        collect();
        running = null;
        if (failure != null) {
            throw failure;
        }
    }
}
