package jmergekit.report;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import jmergekit.engine.ShardSink;
import jmergekit.shards.ShardWriter;
import jmergekit.threads.Cancellation;
import org.jspecify.annotations.Nullable;

/// Accepts tensors for at most four seconds, then cancels the run.
final class ProbeSink implements ShardSink {
    private static final long MOST_NANOS = 4_000_000_000L;

    private final Cancellation cancellation;
    private final LongAdder written = new LongAdder();
    private final long start = System.nanoTime();
    private @Nullable ShardWriter writer;

    ProbeSink(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /// Also writes accepted tensors to files.
    ProbeSink into(ShardWriter files) {
        writer = files;
        return this;
    }

    /// Bytes accepted so far.
    long written() {
        return written.sum();
    }

    @Override
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        ShardWriter files = writer;
        if (files != null) {
            files.write(tensor, byteOffset, bytes);
        }
        written.add(bytes.byteSize());
        if (System.nanoTime() - start > MOST_NANOS) {
            cancellation.cancel();
        }
    }

    @Override
    public long nonFinite(String tensor) {
        return 0;
    }

    @Override
    public void finishShard(String fileName, String findings) {
        ShardWriter files = writer;
        if (files != null) {
            files.finishShard(fileName, "");
        }
    }
}
