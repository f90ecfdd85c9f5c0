package jmergekit.primitive;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Runs work over a tensor in chunks. Chunk boundaries depend only on the number of elements, so
/// results do not depend on the number of threads.
public interface Chunks {
    /// Elements of a full chunk, a multiple of [jmergekit.tile.TileOps#TILE].
    int CHUNK = 1 << 22;

    /// Elements `from` (inclusive) to `end` (exclusive) of a tensor; `index` counts the chunks.
    record Chunk(int index, long from, long end) {}

    /// The work on one chunk. `scratch` belongs to the calling thread for the duration of the call.
    interface Work<R> {
        R run(Chunk chunk, Scratch scratch);
    }

    /// Results in the order of the chunks, regardless of the order of execution.
    <R> List<R> map(long elements, Work<R> work);

    /// Runs `count` pieces of work, numbered from 0; returns their results in order.
    default <R> List<R> each(int count, IntFunction<R> work) {
        return IntStream.range(0, count).mapToObj(work).toList();
    }

    /// The number of chunks that [#map] makes for a tensor.
    static int count(long elements) {
        return Math.toIntExact((elements + CHUNK - 1) / CHUNK);
    }

    /// Chunk `index` of a tensor of `elements` elements.
    static Chunk chunk(int index, long elements) {
        long from = (long) index * CHUNK;
        return new Chunk(index, from, Math.min(elements, from + CHUNK));
    }
}
