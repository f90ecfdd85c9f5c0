package jmergekit.shards;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import jmergekit.weights.FileLayout;

/// The file of a shard that is being written.
final class ShardFile implements AutoCloseable {
    /// Bytes passed to one system call. A buffer cannot have more than 2 GiB - 1, and the JDK
    /// copies an array through a buffer of the same size.
    private static final long WRITTEN_AT_ONCE = 16L << 20;

    private final ShardFolder folder;
    private final ShardLayout.Shard shard;
    private final ToIntFunction<String> crc32;
    private final Path path;
    private final Path unfinished;
    private final FileChannel channel;
    private final WriteQueue queue;
    private final EarlySync earlySync;
    private final AtomicLong left;
    private volatile boolean isFinished;

    /// Creates the file, without its head.
    ///
    /// @param crc32 returns the checksum of a tensor's data, after all of it was written
    ShardFile(
            ShardFolder folder,
            ShardLayout.Shard shard,
            ToIntFunction<String> crc32,
            WriteBuffers buffers)
            throws IOException {
        this.folder = folder;
        this.shard = shard;
        this.crc32 = crc32;
        this.path = folder.file(shard);
        this.unfinished = path.resolveSibling(shard.fileName() + folder.suffix());
        this.left = new AtomicLong(shard.file().dataBytes());
        this.channel = create(unfinished);
        this.earlySync = new EarlySync(channel);
        this.queue = new WriteQueue(this::writeData, buffers);
    }

    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    ShardLayout.Shard shard() {
        return shard;
    }

    /// The path of the finished file.
    Path path() {
        return path;
    }

    boolean isFinished() {
        return isFinished;
    }

    void writeHead() throws IOException {
        writeFully(channel, ByteBuffer.wrap(shard.head()), 0);
    }

    /// Writes a part of the data now or, if another thread is writing, later. With the last part it
    /// also writes the rest of the file, and flushes it to the disk.
    void write(MemorySegment bytes, long position) throws IOException {
        queue.write(bytes, position);
    }

    private void writeData(MemorySegment bytes, long position) throws IOException {
        long size = bytes.byteSize();
        for (long done = 0; done < size; done += WRITTEN_AT_ONCE) {
            long n = Math.min(WRITTEN_AT_ONCE, size - done);
            writeFully(channel, bytes.asSlice(done, n).asByteBuffer(), position + done);
        }
        if (left.addAndGet(-size) == 0 && size > 0) {
            complete();
        } else if (folder.sync()) {
            earlySync.added(size);
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes, long position)
            throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    private void complete() throws IOException {
        for (Iterator<FileLayout.Piece> i = shard.file().pieces(crc32).iterator(); i.hasNext(); ) {
            FileLayout.Piece piece = i.next();
            writeFully(channel, ByteBuffer.wrap(piece.bytes()), piece.begin());
        }
        if (folder.sync()) {
            earlySync.finish();
            channel.force(true);
        }
    }

    /// Closes the file and renames it. It must be complete.
    void finish(String note) throws IOException {
        queue.flush();
        if (shard.file().dataBytes() == 0) {
            // Without data, there was no write that could complete the file.
            complete();
        }
        // Network file systems report a full disk only now.
        channel.close();
        folder.receipts().finished(shard, note);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        isFinished = true;
        folder.receipts().named(shard, note, path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
