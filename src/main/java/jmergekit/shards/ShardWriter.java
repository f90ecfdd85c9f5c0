package jmergekit.shards;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;
import jmergekit.weights.TensorEntry;

/// Writes shards of a layout to a folder, in any order and from any number of threads.
///
/// A shard has another name until it is finished: a file with its final name is complete. The
/// output is complete only after [#finish]. A failed write, for example on a full disk, throws a
/// [MergeException] that names the file. Interrupting a writing thread ends the whole output, since
/// it closes the channel that all threads share. The files grow as they are written: setting their
/// length first made no difference. If flushing is enabled, a shard is flushed to the disk while it
/// grows. The thread that writes its last part flushes the rest, while the others continue.
public final class ShardWriter implements AutoCloseable {
    /// Bytes copied at a time out of a mapped file. A write straight from mapped pages causes a
    /// page fault for each of them inside the kernel: 2.7 GB/s, against 3.2 GB/s through a buffer
    /// (one core, ext4, page cache). It would also blame the output for a truncated input.
    private static final int COPIED_AT_ONCE = 1 << 20;

    private final ShardFolder folder;
    private final ShardLayout layout;
    private final Map<String, ShardFile> files = new LinkedHashMap<>();
    private final Map<String, TensorTarget> targets = new HashMap<>();
    private final LongAdder written = new LongAdder();
    private final WriteBuffers buffers = new WriteBuffers();

    private ShardWriter(ShardFolder folder, ShardLayout layout) {
        this.folder = folder;
        this.layout = layout;
    }

    /// Creates the files and writes their heads. The folder must exist, and the files must not.
    ///
    /// @param sync whether complete files are flushed to the disk
    public static ShardWriter create(Path folder, ShardLayout layout, boolean sync) {
        for (ShardLayout.Shard shard : layout.shards()) {
            Path file = folder.resolve(shard.fileName());
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw failed(file, new FileAlreadyExistsException(file.toString()));
            }
        }
        return create(ShardFolder.of(folder, sync), layout, layout.shards());
    }

    /// Creates files for some of a layout's shards; the others are finished or made elsewhere. An
    /// existing file with a shard's name is replaced when the shard is finished.
    public static ShardWriter create(
            ShardFolder folder, ShardLayout layout, List<ShardLayout.Shard> shards) {
        ShardWriter writer = new ShardWriter(folder, layout);
        try {
            for (ShardLayout.Shard shard : shards) {
                writer.begin(shard);
            }
            return writer;
        } catch (MergeException e) {
            writer.close();
            throw e;
        }
    }

    private void begin(ShardLayout.Shard shard) {
        try {
            ShardFile file = new ShardFile(folder, shard, this::crc32, buffers);
            files.put(shard.fileName(), file);
            file.writeHead();
            for (TensorEntry entry : shard.entries()) {
                targets.put(entry.spec().name(), TensorTarget.of(file, entry));
            }
        } catch (IOException e) {
            throw failed(folder.file(shard), e);
        }
    }

    private int crc32(String tensor) {
        return targets.get(tensor).checksum().orElseThrow().value();
    }

    /// Writes a part of a tensor at `byteOffset`. A part consists of whole elements. Parts may not
    /// overlap.
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        TensorTarget target = targets.get(tensor);
        if (target == null) {
            throw new IllegalArgumentException(
                    "no tensor " + tensor + " in the shards to be written");
        }
        long size = target.entry().spec().bytes();
        if (byteOffset < 0 || bytes.byteSize() > size - byteOffset) {
            throw new IllegalArgumentException(
                    "%d bytes at %d of tensor %s, which has %d"
                            .formatted(bytes.byteSize(), byteOffset, tensor, size));
        }
        try {
            if (bytes.isMapped()) {
                copyOut(target, byteOffset, bytes);
            } else {
                write(target, byteOffset, bytes);
            }
            written.add(bytes.byteSize());
        } catch (IOException e) {
            throw failed(target.file().path(), e);
        }
    }

    private static void write(TensorTarget target, long byteOffset, MemorySegment bytes)
            throws IOException {
        target.count(byteOffset, bytes);
        // Count first: the write of its last bytes completes the shard.
        target.written().addAndGet(bytes.byteSize());
        target.file().write(bytes, target.entry().begin() + byteOffset);
    }

    private static void copyOut(TensorTarget target, long byteOffset, MemorySegment bytes)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long size = bytes.byteSize();
            MemorySegment buffer = arena.allocate(Math.min(size, COPIED_AT_ONCE));
            for (long done = 0; done < size; done += COPIED_AT_ONCE) {
                long n = Math.min(COPIED_AT_ONCE, size - done);
                MemorySegment.copy(bytes, done, buffer, 0, n);
                write(target, byteOffset + done, buffer.asSlice(0, n));
            }
        }
    }

    /// The number of NaN and infinite elements among those of a tensor that were written so far.
    public long nonFinite(String tensor) {
        TensorTarget target = targets.get(tensor);
        return target == null ? 0 : target.nonFinite().get();
    }

    /// Bytes of tensor data that this writer has written so far.
    public long written() {
        return written.sum();
    }

    /// Closes a shard and gives it its name. Every byte of its tensors must have been written.
    ///
    /// @param note passed to the folder's [ShardFolder.Receipts]
    public void finishShard(String fileName, String note) {
        ShardFile file = files.get(fileName);
        if (file == null || file.isFinished()) {
            throw new IllegalArgumentException("no shard " + fileName + " is being written");
        }
        file.shard().entries().forEach(e -> targets.get(e.spec().name()).checkWritten());
        try {
            file.finish(note);
        } catch (IOException e) {
            throw failed(file.path(), e);
        }
    }

    /// Finishes the remaining shards, and writes the index if the layout has several shards.
    public void finish() {
        targets.values().forEach(TensorTarget::checkWritten);
        for (ShardFile file : files.values()) {
            if (!file.isFinished()) {
                finishShard(file.shard().fileName(), "");
            }
        }
        layout.indexName().ifPresent(this::writeIndex);
    }

    private void writeIndex(String name) {
        Path file = folder.path().resolve(name);
        try (FileChannel channel = ShardFile.create(file)) {
            ShardFile.writeFully(channel, ByteBuffer.wrap(layout.index()), 0);
            if (folder.sync()) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// Closes the files, complete or not; they stay where they are.
    @Override
    public void close() {
        MergeException failure = null;
        for (ShardFile file : files.values()) {
            try {
                file.close();
            } catch (IOException e) {
                // Network file systems report a full disk only now.
                failure = failed(file.path(), e);
            }
        }
        buffers.close();
        if (failure != null) {
            throw failure;
        }
    }

    private static MergeException failed(Path file, IOException e) {
        return new MergeException(
                Problem.output(file.toString(), "cannot be written: " + IoReason.of(e)), e);
    }
}
