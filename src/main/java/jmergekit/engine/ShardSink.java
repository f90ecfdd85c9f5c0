package jmergekit.engine;

import java.lang.foreign.MemorySegment;

/// Receives the tensors of shards. Thread-safe for different ranges.
public interface ShardSink {
    /// Writes a part of a tensor, starting at `byteOffset`. Parts consist of whole elements.
    void write(String tensor, long byteOffset, MemorySegment bytes);

    /// The number of elements of a tensor written so far that are NaN or infinite.
    long nonFinite(String tensor);

    /// A tensor is complete.
    default void finishTensor(String tensor) {}

    /// All tensors of a shard are complete.
    ///
    /// @param findings the text that [FindingsJson] writes for its tensors
    default void finishShard(String fileName, String findings) {}
}
