package jmergekit.engine;

import jmergekit.kernel.SourceTensor;
import jmergekit.kernel.TileOps;
import jmergekit.plan.TensorSource;

/// The tensors of input models, opened for reading. Thread-safe.
public final class InputTensors implements AutoCloseable {
    private final OpenFiles files;
    private final SourceTensors tensors;

    public InputTensors(TileOps ops) {
        this.files = new OpenFiles(ops);
        this.tensors = new SourceTensors(files, ops);
    }

    /// The tensor as it takes part in a merge, until [#close].
    public SourceTensor open(TensorSource source) {
        return tensors.open(source);
    }

    @Override
    public void close() {
        files.close();
    }
}
