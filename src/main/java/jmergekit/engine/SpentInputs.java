package jmergekit.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import jmergekit.pagecache.PageCache;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;

/// Inputs that no further task reads. The thread that finishes with them unmaps their pages;
/// otherwise one thread would have to unmap everything at the end of the run. In a run that is
/// larger than memory, the pages are also dropped from the page cache, because they would displace
/// those of other programs and then each other.
final class SpentInputs {
    private final Map<Source.Stored, AtomicInteger> readers = new HashMap<>();
    private final Consumer<Source.Stored> release;

    /// @param groups tasks that run together
    /// @param release receives each input that is no longer needed
    SpentInputs(List<List<TensorTask>> groups, Consumer<Source.Stored> release) {
        this.release = release;
        for (List<TensorTask> together : groups) {
            stored(together)
                    .forEach(s ->
                            readers.computeIfAbsent(s, _ -> new AtomicInteger()).incrementAndGet());
        }
    }

    /// The inputs of a run.
    ///
    /// @param read the bytes of all inputs
    static SpentInputs of(List<List<TensorTask>> groups, long read, OpenFiles files) {
        long written =
                groups.stream().flatMap(List::stream).mapToLong(t -> t.output().bytes()).sum();
        return new SpentInputs(
                groups, isLargerThanMemory(read + written) ? files::drop : files::unmap);
    }

    // Querying the system takes time, and inputs that would fit into the heap are never too large.
    private static boolean isLargerThanMemory(long bytes) {
        return bytes > Runtime.getRuntime().maxMemory() && bytes > PageCache.memory();
    }

    private static Set<Source.Stored> stored(List<TensorTask> together) {
        Set<Source.Stored> stored = new HashSet<>();
        together.forEach(t ->
                t.all()
                        .forEach(s -> {
                            if (s instanceof Source.Stored one) {
                                stored.add(one);
                            }
                        }));
        return stored;
    }

    /// The tasks that run together are finished.
    void finished(List<TensorTask> together) {
        for (Source.Stored stored : stored(together)) {
            AtomicInteger left = readers.get(stored);
            if (left != null && left.decrementAndGet() == 0) {
                release.accept(stored);
            }
        }
    }
}
