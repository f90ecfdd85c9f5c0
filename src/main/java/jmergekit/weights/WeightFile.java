package jmergekit.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.pagecache.PageCache;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorView;
import org.jspecify.annotations.Nullable;

/// The data of one file, mapped as a whole at the first [#view]. Thread-safe. The bytes of a tensor
/// in a [RemoteFile] are fetched on demand.
///
/// A view is valid until [#close]. If a file is truncated while it is mapped, there is no warning:
/// reading the lost pages throws an [InternalError].
public final class WeightFile implements AutoCloseable {
    private static final int PROBED_AT_ONCE = 1 << 20;

    /// The bytes of a read-ahead are discarded; with this few, they stay in the cache of a core.
    private static final int READ_AT_ONCE = 256 << 10;

    private final WeightHeader header;
    private final Optional<RemoteFile> remote;
    private final Arena arena = Arena.ofShared();
    private volatile RemoteFile.@Nullable Copy copy;
    private volatile @Nullable MemorySegment mapped;
    private volatile boolean scattered;

    private WeightFile(WeightHeader header, Optional<RemoteFile> remote) {
        this.header = header;
        this.remote = remote;
    }

    /// Does not open or map the file yet.
    public static WeightFile open(WeightHeader header) {
        return open(header, Optional.empty());
    }

    /// The same for a file whose bytes may be remote.
    public static WeightFile open(WeightHeader header, Optional<RemoteFile> remote) {
        return new WeightFile(header, remote);
    }

    public WeightHeader header() {
        return header;
    }

    /// Declares, before the first access, that only a few scattered bytes will be read: if the
    /// system accepts this hint, it then reads no more than those from the disk.
    public WeightFile expectScatteredReads() {
        scattered = true;
        return this;
    }

    /// One of the header's tensors, whose elements must be contiguous in row-major order. Throws
    /// the exceptions of [#bytes].
    public TensorView view(TensorEntry entry) {
        return new TensorView(entry.spec(), bytes(entry));
    }

    /// The bytes from the first to the last element of one of the header's tensors. Throws a
    /// [MergeException] if the file cannot be mapped, if its size has changed since its header was
    /// read, or if the bytes of a remote file cannot be fetched.
    public MemorySegment bytes(TensorEntry entry) {
        copy().ifPresent(c -> c.bring(entry.begin(), entry.end()));
        return whole().asSlice(entry.begin(), entry.end() - entry.begin()).asReadOnly();
    }

    /// Reads the bytes of one of the header's tensors without mapping them, to find out why they
    /// could not be read. Throws a [MergeException] if this read fails too.
    public void probe(TensorEntry entry) {
        String file = header.file().toString();
        copy().ifPresent(c -> c.bring(entry.begin(), entry.end()));
        try (FileChannel channel = FileChannel.open(path())) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(PROBED_AT_ONCE);
            long at = entry.begin();
            while (at < entry.end()) {
                buffer.clear().limit((int) Math.min(PROBED_AT_ONCE, entry.end() - at));
                int n = channel.read(buffer, at);
                if (n < 0) {
                    throw changed(channel.size());
                }
                at += n;
            }
        } catch (IOException e) {
            throw new MergeException(Problem.input(file, "cannot be read: " + IoReason.of(e)), e);
        }
    }

    /// Reads a part of the file into the page cache before it is needed, unless it is there
    /// already. Throws a [MergeException] as [#bytes] does, and if the file cannot be read. For a
    /// remote file, this only requests the part: the thread that needs it waits for it.
    ///
    /// This reads the file instead of touching the mapped pages: a thread that waits for a page
    /// keeps all others from reaching a safepoint.
    public void readAhead(long begin, long end) {
        Optional<RemoteFile.Copy> remoteCopy = copy();
        if (remoteCopy.isPresent()) {
            remoteCopy.get().request(begin, end);
            return;
        }
        if (isCached(begin, end)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(header.file());
                Arena buffers = Arena.ofConfined()) {
            ByteBuffer buffer = buffers.allocate(READ_AT_ONCE).asByteBuffer();
            long at = begin;
            int n = 0;
            while (at < end && n >= 0) {
                buffer.clear().limit((int) Math.min(READ_AT_ONCE, end - at));
                n = channel.read(buffer, at);
                at += n;
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(header.file().toString(), "cannot be read: " + IoReason.of(e)),
                    e);
        }
    }

    /// Unmaps the pages of a part of the file that nobody is reading. It stays readable: the pages
    /// are mapped again on access, and those of a remote file are fetched again.
    public void unmap(long begin, long end) {
        whole().asSlice(begin, end - begin).unload();
        copy().ifPresent(c -> c.release(begin, end));
    }

    /// Lets the system reuse the memory of a part of the file, if it accepts this hint. The part
    /// stays readable, as after [#unmap].
    public void drop(long begin, long end) {
        if (remote.isPresent()) {
            unmap(begin, end);
            return;
        }
        PageCache.ofSystem()
                .ifPresent(cache -> {
                    // Mapped pages are not dropped.
                    unmap(begin, end);
                    cache.drop(header.file(), begin, end);
                });
    }

    // The beginning stands for the rest: what is in memory was mostly read in one go, and checking
    // each page takes 3 % of a merge. For files that the user may not write, Linux reports all
    // pages as in memory.
    private boolean isCached(long begin, long end) {
        long looked = Math.min(end - begin, READ_AT_ONCE);
        return Files.isWritable(header.file()) && whole().asSlice(begin, looked).isLoaded();
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

    private Optional<RemoteFile.Copy> copy() {
        if (remote.isEmpty()) {
            return Optional.empty();
        }
        RemoteFile.Copy opened = copy;
        if (opened != null) {
            return Optional.of(opened);
        }
        synchronized (this) {
            opened = copy == null ? remote.get().open() : copy;
            copy = opened;
            return Optional.of(opened);
        }
    }

    // The path of the mapped file.
    private Path path() {
        return copy().map(RemoteFile.Copy::path).orElse(header.file());
    }

    private MemorySegment map() {
        String file = header.file().toString();
        try (FileChannel channel = FileChannel.open(path())) {
            long size = channel.size();
            // Pages past the end of a file can be mapped but not read.
            if (size != header.fileSize()) {
                throw changed(size);
            }
            MemorySegment segment = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            if (scattered && size > 0) {
                PageCache.ofSystem().ifPresent(cache -> cache.expectScatteredReads(segment));
            }
            return segment;
        } catch (IOException e) {
            throw new MergeException(Problem.input(file, "cannot be mapped: " + IoReason.of(e)), e);
        }
    }

    private MergeException changed(long size) {
        return new MergeException(
                Problem.input(header.file().toString(), "changed after its header was read")
                        .expected(header.fileSize() + " bytes")
                        .found(Long.toString(size))
                        .hint("run again when nothing writes to it"));
    }

    /// Unmaps the file. Every view of it throws from now on.
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            RemoteFile.Copy opened = copy;
            if (opened != null) {
                opened.close();
            }
        }
    }
}
