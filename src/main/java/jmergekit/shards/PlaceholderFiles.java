package jmergekit.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Optional;
import jmergekit.weights.FileLayout;

/// Weight files with everything except the data, for planning with weights that do not exist yet.
/// The data is replaced by holes, which take no space on common file systems.
public final class PlaceholderFiles {
    private PlaceholderFiles() {}

    /// Writes the files of a layout to a folder.
    public static void write(ShardLayout layout, Path folder) throws IOException {
        for (ShardLayout.Shard shard : layout.shards()) {
            write(shard, folder.resolve(shard.fileName()));
        }
        Optional<String> index = layout.indexName();
        if (index.isPresent()) {
            Files.write(folder.resolve(index.get()), layout.index());
        }
    }

    private static void write(ShardLayout.Shard shard, Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            ShardFile.writeFully(channel, ByteBuffer.wrap(shard.head()), 0);
            Iterator<FileLayout.Piece> pieces = shard.file().pieces(_ -> 0).iterator();
            while (pieces.hasNext()) {
                FileLayout.Piece piece = pieces.next();
                ShardFile.writeFully(channel, ByteBuffer.wrap(piece.bytes()), piece.begin());
            }
            if (channel.size() < shard.fileSize()) {
                // The last byte sets the length.
                ShardFile.writeFully(channel, ByteBuffer.allocate(1), shard.fileSize() - 1);
            }
        }
    }
}
