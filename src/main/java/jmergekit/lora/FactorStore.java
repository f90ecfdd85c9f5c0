package jmergekit.lora;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// A scratch file that holds the factors until all ranks are known: only then can the adapter's header
/// be written, and it comes first. Thread-safe, one thread for each tensor.
final class FactorStore implements AutoCloseable {
    private static final int COPIED_AT_ONCE = 1 << 20;

    private record Stored(TensorSpec spec, long begin) {}

    private final Path file;
    private final FileChannel channel;
    private final SortedMap<String, Stored> tensors = new TreeMap<>();
    private long end;

    private FactorStore(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static FactorStore create(Path file) {
        try {
            return new FactorStore(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// Makes room for a tensor; the result takes its data.
    synchronized Factor.Sink add(TensorSpec spec) {
        long begin = end;
        tensors.put(spec.name(), new Stored(spec, begin));
        end += spec.bytes();
        return (offset, bytes) -> write(begin + offset, bytes.asByteBuffer());
    }

    /// Gives a matrix more rows and columns, of zeros.
    void enlarge(String name, Shape shape) {
        TensorSpec old = tensors.get(name).spec();
        int oldRow = Math.toIntExact(old.shape().size(1) * old.dtype().bytes());
        int newRow = Math.toIntExact(shape.size(1) * old.dtype().bytes());
        byte[] larger = new byte[Math.toIntExact(shape.size(0) * newRow)];
        byte[] smaller = new byte[Math.toIntExact(old.bytes())];
        copy(
                old,
                (at, bytes) ->
                        MemorySegment.copy(
                                bytes, 0, MemorySegment.ofArray(smaller), at, bytes.byteSize()));
        for (int row = 0; row < old.shape().size(0); row++) {
            System.arraycopy(smaller, row * oldRow, larger, row * newRow, oldRow);
        }
        add(new TensorSpec(name, old.dtype(), shape)).write(0, MemorySegment.ofArray(larger));
    }

    private void write(long position, ByteBuffer bytes) {
        try {
            long next = position;
            while (bytes.hasRemaining()) {
                next += channel.write(bytes, next);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// In the order of their names.
    synchronized List<TensorSpec> specs() {
        return tensors.values().stream().map(Stored::spec).toList();
    }

    /// Reads a tensor back, in pieces.
    ///
    /// @param sink takes each piece with its offset
    void copy(TensorSpec spec, BiConsumer<Long, MemorySegment> sink) {
        long begin = tensors.get(spec.name()).begin();
        ByteBuffer buffer = ByteBuffer.allocateDirect(COPIED_AT_ONCE);
        try {
            for (long done = 0; done < spec.bytes(); done += COPIED_AT_ONCE) {
                buffer.clear().limit((int) Math.min(COPIED_AT_ONCE, spec.bytes() - done));
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, begin + done + buffer.position()) < 0) {
                        throw new IOException("it is shorter than what was written");
                    }
                }
                sink.accept(done, MemorySegment.ofBuffer(buffer.flip()));
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// Deletes the file.
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static MergeException failed(Path file, IOException e) {
        return new MergeException(
                Problem.output(
                        file.toString(), "cannot be written or read back: " + e.getMessage()),
                e);
    }
}
