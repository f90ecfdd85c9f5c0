package jmergekit.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The threads of a run. Tensors are processed concurrently, and so are the chunks of a large
/// tensor, so that both many small tensors and a few large ones keep all cores busy.
public final class Workers implements AutoCloseable {
    private final ForkJoinPool pool;

    public Workers(int threads) {
        // First in, first out, so that output is written from front to back. A worker that waits
        // for a piece of another worker is not replaced, because each thread has its own working
        // memory.
        this.pool =
                new ForkJoinPool(
                        threads,
                        ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                        null,
                        true,
                        threads,
                        threads,
                        0,
                        _ -> true,
                        1,
                        TimeUnit.MINUTES);
    }

    /// Runs all tasks; after the first failure no further task is started, and those that are
    /// running are finished.
    public void runAll(List<Runnable> tasks) {
        List<ForkJoinTask<?>> submitted = new ArrayList<>();
        for (Runnable task : tasks) {
            submitted.add(pool.submit(task));
        }
        try {
            submitted.forEach(ForkJoinTask::join);
        } finally {
            submitted.forEach(t -> t.cancel(false));
        }
    }

    /// Runs `count` pieces of work, numbered from 0, and returns the results in order. When it
    /// returns or throws, no piece is running any more, so that everything they use can be
    /// released. After a failure, pieces that have not started are skipped.
    public <R> List<R> each(int count, IntFunction<R> work) {
        if (count == 1) {
            return List.of(work.apply(0));
        }
        if (count == 0) {
            return List.of();
        }
        AtomicBoolean failed = new AtomicBoolean();
        List<ForkJoinTask<R>> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int piece = i;
            pieces.add(ForkJoinTask.adapt(() -> unlessFailed(work, piece, failed)));
        }
        // Others steal from the last piece on, while this thread runs its own from the first on.
        for (int i = count - 1; i > 0; i--) {
            pieces.get(i).fork();
        }
        // ForkJoinTask.invokeAll would not wait for running pieces after one failed.
        pieces.getFirst().quietlyInvoke();
        pieces.forEach(ForkJoinTask::quietlyJoin);
        return pieces.stream().map(ForkJoinTask::join).toList();
    }

    private static <R> @Nullable R unlessFailed(
            IntFunction<R> work, int piece, AtomicBoolean failed) {
        if (failed.get()) {
            return null;
        }
        boolean done = false;
        try {
            R result = work.apply(piece);
            done = true;
            return result;
        } finally {
            if (!done) {
                failed.set(true);
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
