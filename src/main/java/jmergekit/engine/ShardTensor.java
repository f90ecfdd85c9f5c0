package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import jmergekit.kernel.OutputTensor;
import jmergekit.tensor.TensorSpec;

/// An output tensor's place in its shard.
record ShardTensor(TensorSpec spec, Sink sink) implements OutputTensor {
    interface Sink {
        void write(long byteOffset, MemorySegment bytes);
    }

    @Override
    public void write(long byteOffset, MemorySegment bytes) {
        sink.write(byteOffset, bytes);
    }
}
