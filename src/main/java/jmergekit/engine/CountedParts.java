package jmergekit.engine;

import java.lang.foreign.MemorySegment;

/// Reports the bytes of each part of a tensor that is written through it.
record CountedParts(ShardSink sink, Progress progress) implements ShardSink {
    @Override
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        sink.write(tensor, byteOffset, bytes);
        progress.made(bytes.byteSize());
    }

    @Override
    public long nonFinite(String tensor) {
        return sink.nonFinite(tensor);
    }

    @Override
    public void finishTensor(String tensor) {
        sink.finishTensor(tensor);
    }

    @Override
    public void finishShard(String fileName, String findings) {
        sink.finishShard(fileName, findings);
    }
}
