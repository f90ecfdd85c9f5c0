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

    /// @param files closed together with this object
    InputTensors(OpenFiles files, TileOps ops) {
        this.files = files;
        this.tensors =
                new SourceTensors(
                        files,
                        ops,
                        Map.of(),
                        task -> {
                            throw new IllegalStateException("inner tasks are not supported here");
                        },
                        (_, format) -> {
                            throw new IllegalStateException(
                                    "quantising is not supported here: " + format);
                        });
    }

    /// The tensor as an input of the merge, valid until [#close].
    public SourceTensor open(Source source) {
        return tensors.open(source);
    }

    /// Reads the source in another way, to find out why it could not be read. Throws a
    /// [jmergekit.problem.MergeException] that names the file if it cannot.
    public void probe(Source source) {
        source.stored().forEach(files::probe);
    }

    @Override
    public void close() {
        files.close();
    }
}
