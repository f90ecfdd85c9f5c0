package jmergekit.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads files as fast as the disk allows, with several large reads in flight.
final class ParallelRead {
    private static final int THREADS = 8;
    private static final int BLOCK_BYTES = 4 << 20;

    private final List<Block> blocks = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    private ParallelRead() {}

    private record Block(FileChannel channel, long position, int bytes) {}

    /// Reads files whole.
    ///
    /// @return seconds
    static double of(List<Path> files) throws IOException, InterruptedException {
        return of(files, Workspace.bytes(files));
    }

    /// Reads this many bytes: the same fraction of each file, from its start.
    ///
    /// @return seconds
    static double of(List<Path> files, long bytes) throws IOException, InterruptedException {
        return new ParallelRead().seconds(files, (double) bytes / Workspace.bytes(files));
    }

    private double seconds(List<Path> files, double share)
            throws IOException, InterruptedException {
        List<FileChannel> channels = new ArrayList<>();
        long expected = 0;
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Path file : files) {
                FileChannel channel = FileChannel.open(file);
                channels.add(channel);
                long end = Math.min(channel.size(), (long) Math.ceil(channel.size() * share));
                for (long at = 0; at < end; at += BLOCK_BYTES) {
                    blocks.add(new Block(channel, at, (int) Math.min(BLOCK_BYTES, end - at)));
                }
                expected += end;
            }
            long read = 0;
            List<Callable<Long>> readers = Collections.nCopies(THREADS, this::readBlocks);
            for (Future<Long> reader : threads.invokeAll(readers)) {
                read += reader.get();
            }
            if (read != expected) {
                throw new BenchException("read %d bytes instead of %d".formatted(read, expected));
            }
            return (System.nanoTime() - start) * 1e-9;
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e.getCause()));
        } finally {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    /// @return bytes
    private long readBlocks() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES);
        long read = 0;
        for (int i = next.getAndIncrement(); i < blocks.size(); i = next.getAndIncrement()) {
            Block block = blocks.get(i);
            buffer.clear().limit(block.bytes());
            int count = 0;
            while (count >= 0 && buffer.hasRemaining()) {
                read += count;
                count = block.channel().read(buffer, block.position() + buffer.position());
            }
            read += Math.max(count, 0);
        }
        return read;
    }
}
