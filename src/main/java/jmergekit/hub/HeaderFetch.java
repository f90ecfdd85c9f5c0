package jmergekit.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.safetensors.SafetensorsHeader;

/// Gets the beginning of a safetensors file, up to the end of its header, and keeps it in the cache
/// until the whole file is there.
///
/// @param snapshot the file's
record HeaderFetch(Snapshot snapshot, RepoFile file) {
    /// Enough for most headers, so that one request does.
    private static final long FIRST_BYTES = 128 << 10;

    private static final PartialFile.Sink NOBODY =
            new PartialFile.Sink() {
                @Override
                public void bytes(ByteBuffer some) {}

                @Override
                public void restart(long lost) {}
            };

    void run() {
        Path header = snapshot.cache().header(file);
        if (Files.exists(header)) {
            return;
        }
        Path scratch =
                header.resolveSibling(
                        "%s.%d-%d.incomplete"
                                .formatted(
                                        file.etag(),
                                        ProcessHandle.current().pid(),
                                        Thread.currentThread().threadId()));
        try {
            Files.createDirectories(header.getParent());
            try (FileChannel channel = RepoCache.openScratch(scratch)) {
                channel.truncate(0);
                fill(scratch, channel);
            }
            RepoCache.move(scratch, header);
        } catch (IOException e) {
            throw RepoCache.unwritable(header, e);
        } finally {
            deleteQuietly(scratch);
        }
    }

    private static void deleteQuietly(Path scratch) {
        try {
            Files.deleteIfExists(scratch);
        } catch (IOException e) {
            // It is small, and nobody takes it for anything.
        }
    }

    private void fill(Path path, FileChannel channel) throws IOException {
        PartialFile part =
                new PartialFile(
                        snapshot.client(),
                        snapshot.where(file),
                        snapshot.address(file),
                        file,
                        path,
                        channel,
                        0,
                        NOBODY,
                        () -> false);
        part.fillTo(Math.min(FIRST_BYTES, file.size()));
        ByteBuffer prefix =
                ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(prefix, 0);
        if (prefix.hasRemaining()) {
            return;
        }
        long length = prefix.getLong(0);
        long most = file.size() - SafetensorsHeader.PREFIX_BYTES;
        // Of a header that cannot be true its reader tells why; it needs no more of it.
        if (length > 0 && length <= Math.min(SafetensorsHeader.MAX_HEADER_BYTES, most)) {
            part.fillTo(SafetensorsHeader.PREFIX_BYTES + length);
            channel.truncate(SafetensorsHeader.PREFIX_BYTES + length);
        }
    }

    /// Whether a whole file begins as it was said to.
    boolean agreesWith(Path whole) throws IOException {
        Path header = snapshot.cache().header(file);
        Optional<Long> size = RepoCache.size(header);
        if (size.isEmpty()) {
            return true;
        }
        try (FileChannel a = FileChannel.open(header);
                FileChannel b = FileChannel.open(whole)) {
            ByteBuffer left = ByteBuffer.allocate(1 << 16);
            ByteBuffer right = ByteBuffer.allocate(1 << 16);
            for (long at = 0; at < size.get(); at += left.limit()) {
                int n = (int) Math.min(left.capacity(), size.get() - at);
                fill(a, at, left.clear().limit(n));
                fill(b, at, right.clear().limit(n));
                if (!left.equals(right)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static void fill(FileChannel channel, long at, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {
            // As much as there is.
        }
        buffer.flip();
    }
}
