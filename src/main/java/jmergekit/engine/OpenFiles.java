package jmergekit.engine;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Source;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.Float4Tensor;
import jmergekit.source.StoredTensor;
import jmergekit.source.StridedTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightHeader;

/// The input files of a run, each opened and mapped once, on first use.
final class OpenFiles implements AutoCloseable {
    private final InputFolders folders;
    private final Map<Path, WeightFile> files = new HashMap<>();
    private final TileOps ops;
    private final boolean scattered;

    /// @param folders of the plan
    OpenFiles(InputFolders folders, TileOps ops) {
        this(folders, ops, false);
    }

    /// @param scattered whether only scattered small parts of the files are read
    OpenFiles(InputFolders folders, TileOps ops, boolean scattered) {
        this.folders = folders;
        this.ops = ops;
        this.scattered = scattered;
    }

    /// A header with only the size that the file must have; the tensors come from the plan.
    private record PlannedHeader(Path file, long fileSize) implements WeightHeader {
        @Override
        public List<TensorEntry> entries() {
            return List.of();
        }
    }

    /// The tensor, or its first `elements` elements.
    SourceTensor tensor(Source.Stored stored, long elements) {
        WeightFile file = file(stored);
        TensorEntry entry = stored.entry();
        if (entry.strides().isPresent()) {
            return new StridedTensor(
                    entry.spec(), entry.strides().get(), file.bytes(entry), elements);
        }
        return entry.spec().dtype() == DType.F4
                ? new Float4Tensor(file.bytes(entry), elements)
                : new StoredTensor(file.view(entry), elements, ops);
    }

    /// The bytes of a tensor whose elements are not interpreted.
    SourceTensor plainBytes(Source.Stored stored) {
        TensorSpec spec = stored.spec().asBytes();
        return new StoredTensor(
                new TensorView(spec, file(stored).bytes(stored.entry())),
                spec.shape().elements(),
                ops);
    }

    /// Loads bytes of a stored tensor into the page cache, unless they are there. Throws a
    /// [jmergekit.problem.MergeException] that names the file if it cannot.
    void readAhead(Source.Stored stored, long begin, long end) {
        long from = stored.entry().begin();
        file(stored).readAhead(from + begin, from + end);
    }

    /// Unmaps the pages of a tensor that will not be read again; they stay in the page cache.
    void unmap(Source.Stored stored) {
        file(stored).unmap(stored.entry().begin(), stored.entry().end());
    }

    /// Lets the system drop the pages of a tensor that will not be read again.
    void drop(Source.Stored stored) {
        file(stored).drop(stored.entry().begin(), stored.entry().end());
    }

    /// Reads a tensor in another way, to find out why it could not be read. Throws a
    /// [jmergekit.problem.MergeException] that names the file if it cannot.
    void probe(Source.Stored stored) {
        file(stored).probe(stored.entry());
    }

    /// How far ahead, in bytes, remote files should be requested; 0 if all files are on this
    /// machine.
    long remoteAheadBytes() {
        return folders.remoteAheadBytes();
    }

    private synchronized WeightFile file(Source.Stored stored) {
        Path path = folders.path(stored.file());
        return files.computeIfAbsent(
                path,
                _ -> {
                    WeightFile file =
                            WeightFile.open(
                                    new PlannedHeader(path, stored.file().bytes()),
                                    folders.remote(path));
                    return scattered ? file.expectScatteredReads() : file;
                });
    }

    @Override
    public synchronized void close() {
        files.values().forEach(WeightFile::close);
        files.clear();
    }
}
