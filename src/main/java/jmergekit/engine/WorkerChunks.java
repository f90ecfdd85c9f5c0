package jmergekit.engine;

import java.util.List;
import java.util.function.IntFunction;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Scratch;
import jmergekit.threads.Cancellation;
import jmergekit.threads.Workers;

/// Runs the chunks of tensors on the threads of a run, each of which has its own working memory.
public final class WorkerChunks implements Chunks {
    private final Workers workers;
    private final Cancellation cancellation;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /// @param cancellation checked before each chunk
    public WorkerChunks(Workers workers, Cancellation cancellation) {
        this.workers = workers;
        this.cancellation = cancellation;
    }

    @Override
    public <R> List<R> map(long elements, Work<R> work) {
        return each(
                Chunks.count(elements), i -> work.run(Chunks.chunk(i, elements), scratch.get()));
    }

    @Override
    public <R> List<R> each(int count, IntFunction<R> work) {
        return workers.each(
                count,
                i -> {
                    cancellation.check();
                    return work.apply(i);
                });
    }
}
