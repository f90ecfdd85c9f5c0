package jmergekit.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorView;
import org.jspecify.annotations.Nullable;

/// The data of one file, mapped as a whole at the first [#view]. Thread-safe.
///
/// A view is valid until [#close]. A file that is cut short while it is mapped cannot be told
/// beforehand: reading the lost pages then throws an [InternalError].
public final class WeightFile implements AutoCloseable {
    private final WeightHeader header;
    private final Arena arena = Arena.ofShared();
    private volatile @Nullable MemorySegment mapped;

    private WeightFile(WeightHeader header) {
        this.header = header;
    }

    /// Neither opens nor maps the file yet.
    public static WeightFile open(WeightHeader header) {
        return new WeightFile(header);
    }

    public WeightHeader header() {
        return header;
    }

    /// One of the header's tensors, whose elements lie side by side in row-major order. Throws as
    /// [#bytes] does.
    public TensorView view(TensorEntry entry) {
        return new TensorView(entry.spec(), bytes(entry));
    }

    /// The bytes from the first to the last element of one of the header's tensors. Throws a
    /// [MergeException] if the file cannot be mapped or no longer has the size it had when its
    /// header was read.
    public MemorySegment bytes(TensorEntry entry) {
        return whole().asSlice(entry.begin(), entry.end() - entry.begin()).asReadOnly();
    }

    private MemorySegment whole() {
        MemorySegment segment = mapped;
        if (segment != null) {
            return segment;
        }
        synchronized (this) {
            segment = mapped == null ? map() : mapped;
            mapped = segment;
            return segment;
        }
    }

    private MemorySegment map() {
        String file = header.file().toString();
        try (FileChannel channel = FileChannel.open(header.file())) {
            long size = channel.size();
            // Pages past the end of a file can be mapped but not read.
            if (size != header.fileSize()) {
                throw new MergeException(
                        Problem.input(file, "changed after its header was read")
                                .expected(header.fileSize() + " bytes")
                                .found(Long.toString(size))
                                .hint("run again when nothing writes to it"));
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        } catch (IOException e) {
            throw new MergeException(Problem.input(file, "cannot be mapped: " + IoReason.of(e)), e);
        }
    }

    /// Unmaps the file. Every view of it throws from now on.
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
