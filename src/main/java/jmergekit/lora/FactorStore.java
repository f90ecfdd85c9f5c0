package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.engine.ScratchTensors;
import jmergekit.plan.Source;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Holds the factors until all ranks are known. Only then can the adapter's header be written, and
/// it comes first. Thread-safe, with one thread per tensor.
final class FactorStore implements AutoCloseable {
    private final ScratchTensors tensors;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    private FactorStore(ScratchTensors tensors) {
        this.tensors = tensors;
    }

    static FactorStore create(Path file) {
        return new FactorStore(ScratchTensors.create(file));
    }

    /// Reserves space for a tensor and returns the sink for its data.
    Factor.Sink add(TensorSpec spec) {
        return tensors.add(spec)::write;
    }

    /// Pads a matrix with rows and columns of zeros.
    void enlarge(String name, Shape shape) {
        TensorSpec old = tensors.spec(name);
        int oldRow = Math.toIntExact(old.shape().size(1) * old.dtype().bytes());
        int newRow = Math.toIntExact(shape.size(1) * old.dtype().bytes());
        byte[] smaller = tensors.read(name);
        byte[] larger = new byte[Math.toIntExact(shape.size(0) * newRow)];
        for (int row = 0; row < old.shape().size(0); row++) {
            System.arraycopy(smaller, row * oldRow, larger, row * newRow, oldRow);
        }
        add(new TensorSpec(name, old.dtype(), shape)).write(0, MemorySegment.ofArray(larger));
    }

    /// Removes a tensor that the result does not contain, and returns its data.
    byte[] take(String name) {
        taken.add(name);
        return tensors.read(name);
    }

    /// The tensors as plan sources, sorted by name.
    List<Source.Stored> stored() {
        return tensors.stored().stream().filter(t -> !taken.contains(t.spec().name())).toList();
    }

    /// Does not delete the file.
    @Override
    public void close() {
        tensors.close();
    }
}
