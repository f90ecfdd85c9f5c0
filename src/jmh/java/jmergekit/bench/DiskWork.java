package jmergekit.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/// Repeatedly writes a file and reads it again, part by part, bypassing the page cache, until its
/// standard input ends. This is the process that [BusyDisk] starts.
final class DiskWork {
    private static final int BLOCK_BYTES = 4 << 20;
    private static final int PART_BYTES = 16 * BLOCK_BYTES;

    private final FileChannel channel;
    private final Path file;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final PageCache pageCache = new PageCache();
    private final byte[] random = new byte[BLOCK_BYTES];
    private long written;
    private long read;

    private DiskWork(FileChannel channel, Path file) {
        this.channel = channel;
        this.file = file;
        new Random(1).nextBytes(random);
    }

    /// Arguments: the file and its size.
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Path file = Path.of(args[0]);
        int parts = (int) Math.ceilDiv(Long.parseLong(args[1]), PART_BYTES);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> file.toFile().delete()));
        AtomicBoolean ended = new AtomicBoolean();
        Thread.ofPlatform().daemon().start(() -> awaitEndOfInput(ended));
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            DiskWork work = new DiskWork(channel, file);
            for (int i = 0; i < parts; i++) {
                work.write(i);
            }
            work.read(0);
            System.out.println("at work");
            long start = System.nanoTime();
            work.written = 0;
            work.read = 0;
            // Data is read half a file after it was written.
            for (int i = 0; !ended.get(); i++) {
                work.write(i % parts);
                work.read((i + parts / 2) % parts);
            }
            System.out.printf(
                    "wrote %s and read %s in %.0f s%n",
                    Report.gigabytes(work.written),
                    Report.gigabytes(work.read),
                    (System.nanoTime() - start) * 1e-9);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void awaitEndOfInput(AtomicBoolean ended) {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The parent process has ended too.
        }
        ended.set(true);
    }

    private void write(int part) throws IOException {
        long start = (long) part * PART_BYTES;
        for (long at = start; at < start + PART_BYTES; at += BLOCK_BYTES) {
            block.clear().put(random).flip();
            while (block.hasRemaining()) {
                written += channel.write(block, at + block.position());
            }
        }
        channel.force(false);
        pageCache.drop(file, start, PART_BYTES);
    }

    private void read(int part) throws IOException {
        long start = (long) part * PART_BYTES;
        for (long at = start; at < start + PART_BYTES; at += BLOCK_BYTES) {
            block.clear();
            while (block.hasRemaining()) {
                int count = channel.read(block, at + block.position());
                if (count < 0) {
                    throw new IOException(file + ": is shorter than what was written");
                }
                read += count;
            }
        }
        pageCache.drop(file, start, PART_BYTES);
    }
}
