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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.DType;
import jmergekit.tensor.NonFinite;
import jmergekit.weights.IoReason;
import jmergekit.weights.TensorEntry;

/// Writes shards of a layout into a folder, in any order and from any number of threads.
///
/// A shard has another name until it is finished: a file that has its own is whole. The output is
/// complete only after [#finish]. A write that fails, on a full disk say, throws a [MergeException]
/// that names the file. Interrupting a thread that writes ends the whole output, since it closes the
/// channel all threads share. The files grow as they are written: setting their length first made no
/// difference. A shard is brought to the disk, if that is asked for, by the thread that writes the last
/// of it, while the others go on.
public final class ShardWriter implements AutoCloseable {
    /// Bytes copied at a time out of a mapped file. A write straight from mapped pages takes a
    /// fault for each of them inside the kernel: 2.7 GB/s, against 3.2 GB/s by way of a buffer (one
    /// core, ext4, page cache). It would also blame the output for an input that was cut short.
    private static final int COPIED_AT_ONCE = 1 << 20;

    /// A tensor being written, with how many bytes of it were, and how many of its elements that were
    /// are NaN or infinite.
    private record Target(
            ShardFile file, TensorEntry entry, AtomicLong written, AtomicLong nonFinite) {
        void count(MemorySegment elements) {
            DType dtype = entry.spec().dtype();
            long n = elements.byteSize() / dtype.bytes();
            long found = NonFinite.count(dtype, elements, 0, n);
            if (found > 0) {
                nonFinite.addAndGet(found);
            }
        }
    }

    private final ShardFolder folder;
    private final ShardLayout layout;
    private final Map<String, ShardFile> files = new LinkedHashMap<>();
    private final Map<String, Target> targets = new HashMap<>();
    private final LongAdder written = new LongAdder();

    private ShardWriter(ShardFolder folder, ShardLayout layout) {
        this.folder = folder;
        this.layout = layout;
    }

    /// Creates the files, none of which may exist, in a folder that does, and writes their heads.
    ///
    /// @param sync whether complete files are brought to the disk
    public static ShardWriter create(Path folder, ShardLayout layout, boolean sync) {
        for (ShardLayout.Shard shard : layout.shards()) {
            Path file = folder.resolve(shard.fileName());
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw failed(file, new FileAlreadyExistsException(file.toString()));
            }
        }
        return create(ShardFolder.of(folder, sync), layout, layout.shards());
    }

    /// Creates files for some of a layout's shards; the others are finished or made elsewhere. A file
    /// that has a shard's name is replaced when that is finished.
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
            ShardFile file = new ShardFile(folder, shard);
            files.put(shard.fileName(), file);
            file.writeHead();
            for (TensorEntry entry : shard.entries()) {
                targets.put(
                        entry.spec().name(),
                        new Target(file, entry, new AtomicLong(), new AtomicLong()));
            }
        } catch (IOException e) {
            throw failed(folder.file(shard), e);
        }
    }

    /// Writes a part of a tensor, `byteOffset` bytes after its beginning: whole elements. Parts may
    /// not overlap.
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        Target target = targets.get(tensor);
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
            long position = target.entry().begin() + byteOffset;
            if (bytes.isMapped()) {
                copyOut(target, bytes, position);
            } else {
                target.count(bytes);
                target.file().write(bytes, position);
            }
            target.written().addAndGet(bytes.byteSize());
            written.add(bytes.byteSize());
            target.file().count(bytes.byteSize());
        } catch (IOException e) {
            throw failed(target.file().path(), e);
        }
    }

    private static void copyOut(Target target, MemorySegment bytes, long position)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long size = bytes.byteSize();
            MemorySegment buffer = arena.allocate(Math.min(size, COPIED_AT_ONCE));
            for (long done = 0; done < size; done += COPIED_AT_ONCE) {
                long n = Math.min(COPIED_AT_ONCE, size - done);
                MemorySegment.copy(bytes, done, buffer, 0, n);
                MemorySegment copy = buffer.asSlice(0, n);
                target.count(copy);
                target.file().write(copy, position + done);
            }
        }
    }

    /// How many elements of a tensor that were written so far are NaN or infinite.
    public long nonFinite(String tensor) {
        Target target = targets.get(tensor);
        return target == null ? 0 : target.nonFinite().get();
    }

    /// Bytes of tensor data that this writer has written so far.
    public long written() {
        return written.sum();
    }

    /// Closes a shard and gives it its name. Every byte of its tensors must have been written.
    ///
    /// @param note what is told of it to the folder's [ShardFolder.Receipts]
    public void finishShard(String fileName, String note) {
        ShardFile file = files.get(fileName);
        if (file == null || file.isFinished()) {
            throw new IllegalArgumentException("no shard " + fileName + " is being written");
        }
        file.shard().entries().forEach(e -> checkWritten(targets.get(e.spec().name())));
        try {
            file.finish(note);
        } catch (IOException e) {
            throw failed(file.path(), e);
        }
    }

    private static void checkWritten(Target target) {
        long size = target.entry().spec().bytes();
        if (target.written().get() != size) {
            throw new IllegalStateException(
                    "%d bytes of tensor %s were written, it has %d"
                            .formatted(target.written().get(), target.entry().spec().name(), size));
        }
    }

    /// Finishes the shards that are not yet, and writes the index, if the layout has several.
    public void finish() {
        targets.values().forEach(ShardWriter::checkWritten);
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
        if (failure != null) {
            throw failure;
        }
    }

    private static MergeException failed(Path file, IOException e) {
        return new MergeException(
                Problem.output(file.toString(), "cannot be written: " + IoReason.of(e)), e);
    }
}
