package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jmergekit.primitive.Importance;

/// The measures that selections compare: one float32 for each element of a chunk, compared by
/// magnitude.
final class ChunkMeasures {
    private final int sources;
    private final int base;
    private final long rowLength;

    ChunkMeasures(int sources, int base, long rowLength) {
        this.sources = sources;
        this.base = base;
        this.rowLength = rowLength;
    }

    /// Starts the kernel that writes a chunk's values to device memory.
    interface Measure {
        void compute(DeviceChunk chunk, long into);
    }

    int base() {
        return base;
    }

    /// A source's difference from the base.
    Measure difference(int source) {
        return (chunk, into) ->
                chunk.stream()
                        .launch(
                                "measure_difference",
                                chunk.n(),
                                chunk.upload(chunk.operands()),
                                source,
                                base,
                                into,
                                chunk.n());
    }

    /// The variance of the sources' differences.
    Measure variance() {
        return (chunk, into) ->
                chunk.stream()
                        .launch(
                                "measure_variance",
                                chunk.n(),
                                chunk.upload(chunk.operands()),
                                sources,
                                base,
                                1.0 / (sources - 1),
                                into,
                                chunk.n());
    }

    /// The importance of the only difference.
    Measure importance(Importance importance) {
        return (chunk, into) ->
                chunk.stream()
                        .launch(
                                "measure_importance",
                                chunk.n(),
                                chunk.upload(chunk.operands()),
                                base,
                                rows(importance, chunk),
                                rowLength,
                                into,
                                chunk.n());
    }

    /// The factors of a chunk's rows, in device memory.
    static long rows(Importance importance, DeviceChunk chunk) {
        int first = Math.toIntExact(chunk.firstRow());
        float[] rows = Arrays.copyOfRange(importance.rows(), first, first + chunk.rowCount());
        return chunk.stream().uploaded(MemorySegment.ofArray(rows));
    }
}
