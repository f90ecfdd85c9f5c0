package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import jmergekit.primitive.OutputTensor;
import jmergekit.tensor.TensorSpec;

/// An output tensor's place in its shard.
final class ShardTensor implements OutputTensor {
    private final TensorSpec spec;
    private final Sink sink;
    private volatile boolean sourceNotFinite;

    ShardTensor(TensorSpec spec, Sink sink) {
        this.spec = spec;
        this.sink = sink;
    }

    interface Sink {
        void write(long byteOffset, MemorySegment bytes);
    }

    @Override
    public TensorSpec spec() {
        return spec;
    }

    @Override
    public void sourceIsNotFinite() {
        sourceNotFinite = true;
    }

    /// Whether a source was seen that is not finite.
    boolean hasSourceNotFinite() {
        return sourceNotFinite;
    }

    @Override
    public void write(long byteOffset, MemorySegment bytes) {
        sink.write(byteOffset, bytes);
    }
}
