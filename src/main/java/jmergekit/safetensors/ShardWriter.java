package jmergekit.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
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

/// Writes the shards of a layout into a folder, in any order and from any number of threads.
///
/// The output is complete only after [#finish]. A write that fails, on a full disk say, throws a
/// [MergeException] that names the file. Interrupting a thread that writes ends the whole output,
/// since it closes the channel all threads share. The files grow as they are written: setting their
/// length first made no difference. A shard is brought to the disk, if that is asked for, by the thread
/// that writes the last of it, while the others go on.
public final class ShardWriter implements AutoCloseable {
    /// Bytes copied at a time out of a mapped file. A write straight from mapped pages takes a
    /// fault for each of them inside the kernel: 2.7 GB/s, against 3.2 GB/s by way of a buffer (one
    /// core, ext4, page cache). It would also blame the output for an input that was cut short.
    private static final int COPIED_AT_ONCE = 1 << 20;

    /// Bytes given to one system call. A buffer cannot have more than 2 GiB - 1, and an array
    /// passes through a buffer of its own size.
    private static final long WRITTEN_AT_ONCE = 16L << 20;

    /// A shard being written.
    ///
    /// @param left how many bytes of its tensors are still to come
    private record Output(Path file, FileChannel channel, AtomicLong left) {}

    /// A tensor being written, with how many bytes of it were, and how many of its elements that were
    /// are NaN or infinite.
    private record Target(
            Output output, TensorEntry entry, AtomicLong written, AtomicLong nonFinite) {
        void count(MemorySegment elements) {
            DType dtype = entry.spec().dtype();
            long n = elements.byteSize() / dtype.bytes();
            long found = NonFinite.count(dtype, elements, 0, n);
            if (found > 0) {
                nonFinite.addAndGet(found);
            }
        }
    }

    private final Path folder;
    private final ShardLayout layout;
    private final boolean sync;
    private final List<Output> outputs = new ArrayList<>();
    private final Map<String, Target> targets = new HashMap<>();
    private final LongAdder written = new LongAdder();

    private ShardWriter(Path folder, ShardLayout layout, boolean sync) {
        this.folder = folder;
        this.layout = layout;
        this.sync = sync;
    }

    /// Creates the files, none of which may exist, in a folder that does, and writes their headers.
    ///
    /// @param sync whether complete files are brought to the disk
    public static ShardWriter create(Path folder, ShardLayout layout, boolean sync) {
        ShardWriter writer = new ShardWriter(folder, layout, sync);
        try {
            for (ShardLayout.Shard shard : layout.shards()) {
                writer.begin(shard);
            }
            return writer;
        } catch (MergeException e) {
            writer.close();
            throw e;
        }
    }

    private void begin(ShardLayout.Shard shard) {
        Path file = folder.resolve(shard.fileName());
        byte[] header = ShardText.header(shard.entries().stream().map(TensorEntry::spec).toList());
        ByteBuffer bytes =
                ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .flip();
        try {
            Output output =
                    new Output(
                            file,
                            FileChannel.open(
                                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            new AtomicLong(shard.fileSize() - shard.dataStart()));
            outputs.add(output);
            writeFully(output.channel(), bytes, 0);
            for (TensorEntry entry : shard.entries()) {
                targets.put(
                        entry.spec().name(),
                        new Target(output, entry, new AtomicLong(), new AtomicLong()));
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// Writes a part of a tensor, `byteOffset` bytes after its beginning: whole elements. Parts may
    /// not overlap.
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        Target target = targets.get(tensor);
        if (target == null) {
            throw new IllegalArgumentException("no tensor " + tensor + " in the layout");
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
                writeOut(target.output().channel(), bytes, position);
            }
        } catch (IOException e) {
            throw failed(target.output().file(), e);
        }
        target.written().addAndGet(bytes.byteSize());
        written.add(bytes.byteSize());
        if (target.output().left().addAndGet(-bytes.byteSize()) == 0 && bytes.byteSize() > 0) {
            force(target.output());
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
                writeOut(target.output().channel(), copy, position + done);
            }
        }
    }

    private static void writeOut(FileChannel channel, MemorySegment bytes, long position)
            throws IOException {
        long size = bytes.byteSize();
        for (long done = 0; done < size; done += WRITTEN_AT_ONCE) {
            long n = Math.min(WRITTEN_AT_ONCE, size - done);
            writeFully(channel, bytes.asSlice(done, n).asByteBuffer(), position + done);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position)
            throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    private void force(Output output) {
        try {
            if (sync) {
                output.channel().force(true);
            }
        } catch (IOException e) {
            throw failed(output.file(), e);
        }
    }

    /// How many elements of a tensor that were written so far are NaN or infinite.
    public long nonFinite(String tensor) {
        Target target = targets.get(tensor);
        return target == null ? 0 : target.nonFinite().get();
    }

    /// Bytes of tensor data written so far.
    public long written() {
        return written.sum();
    }

    /// Closes the shards and writes the index, if there are several. Every byte of every tensor
    /// must have been written.
    public void finish() {
        for (Target target : targets.values()) {
            long size = target.entry().spec().bytes();
            if (target.written().get() != size) {
                throw new IllegalStateException(
                        "%d bytes of tensor %s were written, it has %d"
                                .formatted(
                                        target.written().get(),
                                        target.entry().spec().name(),
                                        size));
            }
        }
        outputs.stream().filter(o -> isEmpty(o)).forEach(this::force);
        close();
        layout.indexName().ifPresent(this::writeIndex);
    }

    // No write of its data could see that it is complete.
    private boolean isEmpty(Output output) {
        return layout.shards().stream()
                .anyMatch(
                        s -> output.file().endsWith(s.fileName()) && s.fileSize() == s.dataStart());
    }

    private void writeIndex(String name) {
        Path file = folder.resolve(name);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, ByteBuffer.wrap(layout.index()), 0);
            if (sync) {
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
        for (Output output : outputs) {
            try {
                output.channel().close();
            } catch (IOException e) {
                // Network file systems report a full disk only now.
                failure = failed(output.file(), e);
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
