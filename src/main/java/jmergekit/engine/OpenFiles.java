package jmergekit.engine;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.StoredTensor;
import jmergekit.source.StridedTensor;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightFile;
import jmergekit.weights.WeightHeader;

/// The input files of a run, each opened and mapped once, at its first use.
public final class OpenFiles implements AutoCloseable {
    private final Map<Path, WeightFile> files = new HashMap<>();
    private final TileOps ops;

    public OpenFiles(TileOps ops) {
        this.ops = ops;
    }

    /// The tensor there, or its first `elements` elements.
    public SourceTensor tensor(TensorLocation location, long elements) {
        TensorEntry entry = location.entry();
        WeightFile file = file(location.header());
        if (entry.strides().isPresent()) {
            return new StridedTensor(
                    entry.spec(), entry.strides().get(), file.bytes(entry), elements);
        }
        return new StoredTensor(file.view(entry), elements, ops);
    }

    /// Reads a tensor in another way, to find out why it could not be read. Throws a
    /// [jmergekit.problem.MergeException] that names the file if it cannot.
    public void probe(TensorLocation location) {
        file(location.header()).probe(location.entry());
    }

    private synchronized WeightFile file(WeightHeader header) {
        return files.computeIfAbsent(header.file(), _ -> WeightFile.open(header));
    }

    @Override
    public synchronized void close() {
        files.values().forEach(WeightFile::close);
        files.clear();
    }
}
