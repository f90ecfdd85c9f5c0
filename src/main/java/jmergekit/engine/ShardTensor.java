package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import jmergekit.primitive.OutputTensor;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Cancellation;

/// An output tensor that is written to a sink.
final class ShardTensor implements OutputTensor {
    private final TensorSpec spec;
    private final Cancellation cancellation;
    private final Sink sink;
    private volatile boolean sourceNotFinite;

    /// Where the bytes go.
    interface Sink {
        void write(long byteOffset, MemorySegment bytes);
    }

    ShardTensor(TensorSpec spec, Cancellation cancellation, Sink sink) {
        this.spec = spec;
        this.cancellation = cancellation;
        this.sink = sink;
    }

    @Override
    public TensorSpec spec() {
        return spec;
    }

    @Override
    public void sourceIsNotFinite() {
        sourceNotFinite = true;
    }

    /// Whether a non-finite source was read.
    boolean hasSourceNotFinite() {
        return sourceNotFinite;
    }

    @Override
    public void write(long byteOffset, MemorySegment bytes) {
        cancellation.check();
        sink.write(byteOffset, bytes);
    }
}
