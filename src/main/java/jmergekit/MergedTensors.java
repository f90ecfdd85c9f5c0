package jmergekit;

import java.lang.foreign.Arena;
import java.util.Map;

/// All tensors of a merge, in memory outside the heap until this is closed. Unlike those of
/// [MergePlan#toMemory] they do not count against the limit that `-XX:MaxDirectMemorySize` sets, which is
/// the size of the heap if it is not given.
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

    /// In the order of [MergePlan#tensors]. Their bytes may be read by any number of threads, but not
    /// after [#close].
    public Map<String, Tensor> byName() {
        return byName;
    }

    /// Gives the memory back; only when nobody reads it any more.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
