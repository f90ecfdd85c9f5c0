package jmergekit.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// A file for temporary data that is too large for memory. Closed regions are reused, so the file
/// grows only to the largest amount that is in use at a time. Thread-safe.
public final class ScratchFile implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    // The number of bytes, by where they begin.
    private final TreeMap<Long, Long> free = new TreeMap<>();
    private long end;

    private ScratchFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// A part of the file, mapped until it is closed.
    public final class Region implements AutoCloseable {
        private final long begin;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment bytes;

        private Region(long begin, long size) throws IOException {
            this.begin = begin;
            try {
                this.bytes = channel.map(MapMode.READ_WRITE, begin, size, arena);
            } catch (IOException e) {
                arena.close();
                throw e;
            }
        }

        /// The initial content is undefined.
        public MemorySegment bytes() {
            return bytes;
        }

        @Override
        public void close() {
            long size = bytes.byteSize();
            arena.close();
            release(begin, size);
        }
    }

    /// Creates the file, which must not exist.
    public static ScratchFile create(Path file) {
        return new ScratchFile(file, open(file));
    }

    /// Creates a file for writing and reading back. It must not exist.
    public static FileChannel open(Path file) {
        try {
            return FileChannel.open(
                    file,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// Allocates space in the file: a full disk is detected here, not while the region is written.
    ///
    /// @throws MergeException if there is not enough space
    public Region region(long size) {
        long begin = reserve(size);
        try {
            return new Region(begin, size);
        } catch (IOException e) {
            release(begin, size);
            throw failed(file, e);
        }
    }

    private synchronized long reserve(long size) {
        for (Map.Entry<Long, Long> hole : free.entrySet()) {
            if (hole.getValue() >= size) {
                long begin = hole.getKey();
                long left = hole.getValue() - size;
                free.remove(begin);
                if (left > 0) {
                    free.put(begin + size, left);
                }
                return begin;
            }
        }
        try {
            allocate(end, size);
        } catch (IOException e) {
            throw failed(file, e);
        }
        long begin = end;
        end += size;
        return begin;
    }

    // Extending a file allocates no blocks: if the disk is full, a mapping of it throws an
    // InternalError that looks like one of an input.
    private void allocate(long from, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, BUFFER));
        for (long at = from; at < from + size; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), from + size - at));
            at += channel.write(zeros, at);
        }
    }

    private synchronized void release(long begin, long size) {
        long from = begin;
        long length = size;
        Map.Entry<Long, Long> before = free.floorEntry(begin);
        if (before != null && before.getKey() + before.getValue() == begin) {
            from = before.getKey();
            length += before.getValue();
        }
        Long after = free.remove(begin + size);
        free.put(from, length + (after == null ? 0 : after));
    }

    /// The size of the file: roughly the most bytes that were in use at a time.
    public synchronized long size() {
        return end;
    }

    /// Deletes the file.
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// The exception for a failure.
    public static MergeException failed(Path file, IOException e) {
        return new MergeException(
                Problem.output(
                        file.toString(), "cannot be written or read back: " + IoReason.of(e)),
                e);
    }
}
