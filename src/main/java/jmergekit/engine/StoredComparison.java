package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Compares the tensors of a run with stored tensors, byte by byte.
public final class StoredComparison implements ShardSink {
    private final Map<String, MemorySegment> stored;
    private final Map<String, AtomicLong> left = new ConcurrentHashMap<>();
    private final Set<String> other = ConcurrentHashMap.newKeySet();

    /// @param stored the bytes of each tensor, by name
    public StoredComparison(Map<String, MemorySegment> stored) {
        this.stored = Map.copyOf(stored);
        stored.forEach((name, bytes) -> left.put(name, new AtomicLong(bytes.byteSize())));
    }

    @Override
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        MemorySegment expected = stored.get(tensor);
        long end = byteOffset + bytes.byteSize();
        left.get(tensor).addAndGet(-bytes.byteSize());
        if (end > expected.byteSize()
                || expected.asSlice(byteOffset, bytes.byteSize()).mismatch(bytes) != -1) {
            other.add(tensor);
        }
    }

    @Override
    public long nonFinite(String tensor) {
        return 0;
    }

    /// The names of the tensors whose bytes differ.
    public List<String> differing() {
        Set<String> differing = new TreeSet<>(other);
        left.forEach((name, bytes) -> {
            if (bytes.get() != 0) {
                differing.add(name);
            }
        });
        return new ArrayList<>(differing);
    }
}
