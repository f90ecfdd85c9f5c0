package jmergekit.publish;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jmergekit.shards.ShardLayout;
import jmergekit.weights.TensorEntry;

/// A sparse file with the size and header of a shard, and a hole in place of each tensor. The data
/// is stored elsewhere, so the file takes almost no disk.
final class HollowFile {
    /// Reads bytes of the shard.
    interface Reader {
        byte[] read(long begin, long end) throws IOException;
    }

    private record Gap(long begin, byte[] bytes) {}

    private HollowFile() {}

    /// Turns a complete shard into a hollow file.
    static void make(Path file, ShardLayout.Shard shard) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<Gap> gaps = gaps(shard, (begin, end) -> read(channel, begin, end));
            channel.truncate(0);
            write(channel, shard, gaps);
        }
    }

    /// Creates a hollow file for a shard that is stored elsewhere.
    static void create(Path file, ShardLayout.Shard shard, Reader reader) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(channel, shard, gaps(shard, reader));
        }
    }

    // Before the tensors, between them and after them.
    private static List<Gap> gaps(ShardLayout.Shard shard, Reader reader) throws IOException {
        List<TensorEntry> entries =
                shard.entries().stream()
                        .sorted(
                                Comparator.comparingLong(TensorEntry::begin)
                                        .thenComparingLong(TensorEntry::end))
                        .toList();
        List<Gap> gaps = new ArrayList<>();
        long at = 0;
        for (TensorEntry entry : entries) {
            if (entry.begin() > at) {
                gaps.add(new Gap(at, reader.read(at, entry.begin())));
            }
            at = Math.max(at, entry.end());
        }
        if (at < shard.fileSize()) {
            gaps.add(new Gap(at, reader.read(at, shard.fileSize())));
        }
        return gaps;
    }

    private static void write(FileChannel channel, ShardLayout.Shard shard, List<Gap> gaps)
            throws IOException {
        for (Gap gap : gaps) {
            ByteBuffer bytes = ByteBuffer.wrap(gap.bytes());
            long at = gap.begin();
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }
        if (channel.size() < shard.fileSize()) {
            channel.write(ByteBuffer.allocate(1), shard.fileSize() - 1);
        }
    }

    private static byte[] read(FileChannel channel, long begin, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end - begin));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, begin + bytes.position()) < 0) {
                throw new IOException("the file ends at byte " + (begin + bytes.position()));
            }
        }
        return bytes.array();
    }
}
