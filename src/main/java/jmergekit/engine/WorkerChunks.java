package jmergekit.engine;

import java.util.List;
import java.util.function.IntFunction;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Scratch;
import jmergekit.threads.Workers;

/// The chunks of tensors on the threads of a run, each of which has working memory of its own.
public final class WorkerChunks implements Chunks {
    private final Workers workers;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    public WorkerChunks(Workers workers) {
        this.workers = workers;
    }

    @Override
    public <R> List<R> map(long elements, Work<R> work) {
        return each(
                Chunks.count(elements), i -> work.run(Chunks.chunk(i, elements), scratch.get()));
    }

    @Override
    public <R> List<R> each(int count, IntFunction<R> work) {
        return workers.each(count, work);
    }
}
