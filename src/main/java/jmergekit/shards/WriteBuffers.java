package jmergekit.shards;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Buffers for bytes that wait to be written, shared by the files of a writer.
final class WriteBuffers implements AutoCloseable {
    /// The size of one buffer: what merges write at a time.
    private static final int BYTES = 1 << 20;

    /// 32 MiB: as much as a disk with 3 GB/s writes in ten milliseconds. More would only delay the
    /// moment when the threads have to wait for the disk.
    private static final int MOST = 32;

    private final Arena arena = Arena.ofShared();
    private final AtomicInteger made = new AtomicInteger();
    private final Queue<MemorySegment> free = new ConcurrentLinkedQueue<>();

    /// A buffer in use.
    ///
    /// @param segment the part of it that is filled
    record Filled(MemorySegment buffer, MemorySegment segment) {}

    /// Copies bytes to a buffer; null if no buffer is free, or one is too small.
    @Nullable Filled fill(MemorySegment bytes) {
        if (bytes.byteSize() > BYTES) {
            return null;
        }
        MemorySegment buffer = free.poll();
        if (buffer == null) {
            if (made.incrementAndGet() > MOST) {
                made.decrementAndGet();
                return null;
            }
            buffer = arena.allocate(BYTES);
        }
        MemorySegment filled = buffer.asSlice(0, bytes.byteSize());
        filled.copyFrom(bytes);
        return new Filled(buffer, filled);
    }

    void free(Filled filled) {
        free.add(filled.buffer);
    }

    @Override
    public void close() {
        arena.close();
    }
}
