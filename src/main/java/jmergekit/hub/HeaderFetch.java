package jmergekit.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.safetensors.SafetensorsHeader;

/// Downloads the beginning of a safetensors file, up to the end of its header, and keeps it in the
/// cache until the whole file is downloaded.
///
/// @param snapshot the snapshot of the file
record HeaderFetch(Snapshot snapshot, RepoFile file) {
    /// Enough for most headers, so that one request is sufficient.
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
            // It is small, and nobody mistakes it for another file.
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
        // The reader explains why a header is invalid, and needs no more of it for that.
        if (length > 0 && length <= Math.min(SafetensorsHeader.MAX_HEADER_BYTES, most)) {
            part.fillTo(SafetensorsHeader.PREFIX_BYTES + length);
            channel.truncate(SafetensorsHeader.PREFIX_BYTES + length);
        }
    }

    /// Whether the beginning of a whole file is the same as the header fetched before.
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
            // Read as much as exists.
        }
        buffer.flip();
    }
}
