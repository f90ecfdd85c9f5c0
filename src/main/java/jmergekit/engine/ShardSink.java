package jmergekit.engine;

import java.lang.foreign.MemorySegment;

/// Takes the tensors of shards. Safe to use from several threads for different ranges.
public interface ShardSink {
    /// A part of a tensor, `byteOffset` bytes after its beginning: whole elements.
    void write(String tensor, long byteOffset, MemorySegment bytes);

    /// How many elements of a tensor that were written so far are NaN or infinite.
    long nonFinite(String tensor);

    /// A tensor is complete.
    default void finishTensor(String tensor) {}

    /// All tensors of a shard are complete.
    ///
    /// @param findings what [FindingsJson] writes of its tensors
    default void finishShard(String fileName, String findings) {}
}
