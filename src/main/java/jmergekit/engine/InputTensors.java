package jmergekit.engine;

import java.util.Map;
import jmergekit.plan.Source;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.TileOps;

/// The tensors of input models, opened for reading. Thread-safe.
public final class InputTensors implements AutoCloseable {
    private final OpenFiles files;
    private final SourceTensors tensors;

    public InputTensors(InputFolders folders, TileOps ops) {
        this(new OpenFiles(folders, ops), ops);
    }

    /// @param files closed with these
    InputTensors(OpenFiles files, TileOps ops) {
        this.files = files;
        this.tensors =
                new SourceTensors(
                        files,
                        ops,
                        Map.of(),
                        task -> {
                            throw new IllegalStateException("no tensors are made here");
                        },
                        (_, format) -> {
                            throw new IllegalStateException("nothing becomes " + format);
                        });
    }

    /// The tensor as it takes part in a merge, until [#close].
    public SourceTensor open(Source source) {
        return tensors.open(source);
    }

    /// Reads what the source is made of in another way, to find out why it could not be read. Throws
    /// a [jmergekit.problem.MergeException] that names the file if it cannot.
    public void probe(Source source) {
        source.stored().forEach(files::probe);
    }

    @Override
    public void close() {
        files.close();
    }
}
