package jmergekit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jmergekit.engine.ShardSink;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.tensor.NonFinite;
import jmergekit.tensor.TensorSpec;

/// Keeps tensors in memory until they are complete, and passes them on one at a time.
final class TensorSink implements ShardSink {
    private final Map<String, TensorSpec> specs;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final Supplier<Arena> arenas;
    private final boolean passes;
    private final Consumer<Tensor> consumer;

    private record Pending(Arena arena, MemorySegment bytes, AtomicLong nonFinite) {}

    private TensorSink(
            Plan plan, Supplier<Arena> arenas, boolean passes, Consumer<Tensor> consumer) {
        this.specs =
                plan.tasks().stream()
                        .map(TensorTask::output)
                        .collect(Collectors.toMap(TensorSpec::name, s -> s));
        this.arenas = arenas;
        this.passes = passes;
        this.consumer = consumer;
    }

    /// The bytes are kept as long as the arena they are allocated from.
    ///
    /// @param arenas supplies an arena for each tensor, or the same for several
    static TensorSink keeping(Plan plan, Supplier<Arena> arenas, Consumer<Tensor> consumer) {
        return new TensorSink(plan, arenas, false, consumer);
    }

    /// The bytes are released after the call. The sink must be closed.
    static TensorSink passing(Plan plan, Consumer<Tensor> consumer) {
        return new TensorSink(plan, Arena::ofShared, true, consumer);
    }

    private Pending pending(String tensor) {
        return pending.computeIfAbsent(
                tensor,
                name -> {
                    long bytes = specs.get(name).bytes();
                    Arena arena = arenas.get();
                    return new Pending(
                            arena,
                            arena.allocate(Math.max(1, bytes), Long.BYTES).asSlice(0, bytes),
                            new AtomicLong());
                });
    }

    @Override
    public void write(String tensor, long byteOffset, MemorySegment bytes) {
        Pending target = pending(tensor);
        MemorySegment copy = target.bytes().asSlice(byteOffset, bytes.byteSize()).copyFrom(bytes);
        TensorSpec spec = specs.get(tensor);
        long elements = bytes.byteSize() * Byte.SIZE / spec.dtype().bits();
        target.nonFinite().addAndGet(NonFinite.count(spec.dtype(), copy, 0, elements));
    }

    @Override
    public long nonFinite(String tensor) {
        return pending(tensor).nonFinite().get();
    }

    @Override
    public synchronized void finishTensor(String tensor) {
        Pending complete = pending(tensor);
        pending.remove(tensor);
        TensorSpec spec = specs.get(tensor);
        try {
            consumer.accept(
                    new Tensor(
                            tensor,
                            spec.dtype().name(),
                            spec.shape().dimensions(),
                            complete.bytes().asReadOnly()));
        } finally {
            close(complete.arena());
        }
    }

    private void close(Arena arena) {
        // An arena that is kept is closed by its owner or by the garbage collector.
        if (passes) {
            arena.close();
        }
    }

    /// Releases incomplete tensors. Call it only when no thread writes any more.
    void close() {
        pending.values().forEach(p -> close(p.arena()));
        pending.clear();
    }
}
