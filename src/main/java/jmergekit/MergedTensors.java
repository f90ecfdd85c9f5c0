package jmergekit;

import java.lang.foreign.Arena;
import java.util.Map;

/// All tensors of a merge, in off-heap memory until this is closed. Unlike the tensors of
/// [MergePlan#toMemory], they do not count against the limit set by `-XX:MaxDirectMemorySize`,
/// which defaults to the size of the heap.
public final class MergedTensors implements AutoCloseable {
    private final Arena arena;
    private final Map<String, Tensor> byName;

    private MergedTensors(Arena arena, Map<String, Tensor> byName) {
        this.arena = arena;
        this.byName = byName;
    }

    static MergedTensors of(RunningPlan run) {
        Arena arena = Arena.ofShared();
        boolean made = false;
        try {
            MergedTensors tensors = new MergedTensors(arena, run.tensors(() -> arena));
            made = true;
            return tensors;
        } finally {
            if (!made) {
                arena.close();
            }
        }
    }

    /// The tensors in the order of [MergePlan#tensors]. Any number of threads may read their bytes,
    /// but not after [#close].
    public Map<String, Tensor> byName() {
        return byName;
    }

    /// Releases the memory. Call it only when no thread reads the tensors any more.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
