package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jmergekit.primitive.Mask;
import jmergekit.tile.CounterRandom;

/// Decides which elements of a chunk masks keep.
final class ChunkMasks {
    /// Memory of all blocks together that rank elements.
    private static final long RANKING_BYTES = 64L << 20;

    /// Blocks per multiprocessor that rank at the same time.
    private static final int RANKING_BLOCKS = 4;

    private static final int KEEP = 1;

    private final DeviceChunk chunk;
    private final DeviceStream stream;
    private final ChunkMeasures measures;
    private final Segments segments;
    private final Map<Mask, Long> varying = new HashMap<>();

    ChunkMasks(DeviceChunk chunk, ChunkMeasures measures, Segments segments) {
        this.chunk = chunk;
        this.stream = chunk.stream();
        this.measures = measures;
        this.segments = segments;
    }

    /// Device memory needed to apply these masks, in addition to what every pass needs.
    static Workspace workspace(Mask[] masks, Segments segments, Gpu gpu) {
        Workspace workspace = Workspace.NONE;
        for (Mask mask : masks) {
            workspace = workspace.plus(workspace(mask, segments));
        }
        boolean ranks = Arrays.stream(masks).anyMatch(m -> m instanceof Mask.BernoulliByRank);
        return ranks ? workspace.plus(Workspace.fixed(rankingBytes(segments, gpu))) : workspace;
    }

    private static Workspace workspace(Mask mask, Segments segments) {
        return switch (mask) {
            case Mask.Largest _ -> Workspace.ofSegment(Integer.BYTES).plus(Workspace.fixed(1024));
            case Mask.Bitmap(long[] words) ->
                    Workspace.fixed(DeviceStream.aligned(words.length * 8L));
            case Mask.Without(Mask kept, Mask dropped) ->
                    workspace(kept, segments).plus(workspace(dropped, segments));
            case Mask.Varying(Mask largest) -> workspace(largest, segments);
            case Mask.All _, Mask.None _, Mask.Bernoulli _, Mask.BernoulliByRank _ ->
                    Workspace.NONE;
        };
    }

    private static long rankingBytes(Segments segments, Gpu gpu) {
        return DeviceStream.aligned(rankingBlocks(segments, gpu) * bytesOfRanking(segments));
    }

    private static long bytesOfRanking(Segments segments) {
        return 2 * Integer.BYTES * segments.rows().longest();
    }

    private static long rankingBlocks(Segments segments, Gpu gpu) {
        long most =
                Math.min(segments.rows().count(), (long) gpu.multiprocessors() * RANKING_BLOCKS);
        return Math.clamp(RANKING_BYTES / bytesOfRanking(segments), 1, most);
    }

    /// Restricts a source's operand to the elements that its mask keeps.
    void apply(Mask mask, int source, Operands operands) {
        switch (mask) {
            case Mask.All _ -> operands.mask(source, Operands.KEEP_ALL);
            case Mask.None _ -> operands.mask(source, Operands.KEEP_NONE);
            case Mask.Bernoulli(long key, double density) ->
                    operands.bernoulli(source, key, CounterRandom.limit(density));
            case Mask.Largest _, Mask.Bitmap _, Mask.Without _, Mask.BernoulliByRank _ ->
                    operands.kept(source, kept(mask, source));
            case Mask.Varying(Mask largest) ->
                    operands.kept(
                            source,
                            varying.computeIfAbsent(largest, m -> kept(m, measures.variance())));
        }
    }

    // One byte for each element of the chunk: whether the mask keeps it.
    private long kept(Mask mask, int source) {
        if (mask instanceof Mask.BernoulliByRank ranked) {
            return ranked(ranked, source);
        }
        return kept(mask, measures.difference(source));
    }

    private long kept(Mask mask, ChunkMeasures.Measure measure) {
        if (mask instanceof Mask.Without(Mask most, Mask dropped)) {
            return kept(most, dropped, measure);
        }
        long kept = stream.allocate(chunk.n());
        switch (mask) {
            case Mask.All _ -> stream.launch("keep_all", chunk.n(), kept, KEEP, chunk.n());
            case Mask.None _ -> stream.zero(kept, chunk.n());
            case Mask.Largest largest -> keepLargest(largest, measure, kept);
            case Mask.Bitmap(long[] words) -> keepBits(words, kept);
            case Mask.Without _, Mask.Bernoulli _, Mask.BernoulliByRank _, Mask.Varying _ ->
                    throw new IllegalArgumentException("not a mask of a measure: " + mask);
        }
        return kept;
    }

    private long kept(Mask most, Mask dropped, ChunkMeasures.Measure measure) {
        long kept = kept(most, measure);
        long used = stream.used();
        stream.launch("drop_kept", chunk.n(), kept, kept(dropped, measure), chunk.n());
        stream.release(used);
        return kept;
    }

    private void keepLargest(Mask.Largest mask, ChunkMeasures.Measure measure, long kept) {
        // Released memory may be overwritten, since a stream executes in order.
        long used = stream.used();
        long values = stream.allocate(chunk.n() * Float.BYTES);
        measure.compute(chunk, values);
        long equalKept = 0;
        if (mask.equalKept() != null) {
            int first = Math.toIntExact(chunk.part().first());
            int[] counts = new int[chunk.segmentCount()];
            Arrays.setAll(counts, i -> Math.toIntExact(mask.equalKept()[first + i]));
            equalKept = stream.uploaded(MemorySegment.ofArray(counts));
        }
        stream.launchBlocks(
                "keep_largest",
                chunk.segmentCount(),
                1,
                values,
                chunk.segments(),
                mask.magnitude(),
                equalKept,
                kept);
        stream.release(used);
    }

    private void keepBits(long[] words, long kept) {
        int first = Math.toIntExact(chunk.from() / Long.SIZE);
        int end = Math.toIntExact(Math.ceilDiv(chunk.from() + chunk.n(), (long) Long.SIZE));
        long[] own = Arrays.copyOfRange(words, first, end);
        stream.launch(
                "keep_bits",
                chunk.n(),
                stream.uploaded(MemorySegment.ofArray(own)),
                kept,
                chunk.from(),
                chunk.n());
    }

    private long ranked(Mask.BernoulliByRank mask, int source) {
        long kept = stream.allocate(chunk.n());
        long blocks = Math.min(rankingBlocks(segments, stream.gpu()), chunk.rowCount());
        long slot = segments.rows().longest();
        long used = stream.used();
        long scratch = stream.allocate(blocks * bytesOfRanking(segments));
        stream.launchBlocks(
                "keep_ranked",
                blocks,
                1,
                chunk.upload(chunk.operands()),
                source,
                measures.base(),
                chunk.rows(),
                mask.key(),
                mask.density(),
                mask.epsilon(),
                scratch,
                slot,
                kept);
        stream.release(used);
        return kept;
    }
}
