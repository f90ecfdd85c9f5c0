package jmergekit.cpu;

import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Importance;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// The passes over the importance of one source's changes.
final class ImportancePass {
    private final Differences differences;
    private final int source;
    private final TileOps ops;

    ImportancePass(Differences differences, int source, TileOps ops) {
        this.differences = differences;
        this.source = source;
        this.ops = ops;
    }

    /// The divergence of every row. A row belongs to the chunk in which it begins.
    Importance measure(Chunks chunks) {
        long length = differences.rowLength();
        int rows = Math.toIntExact(differences.elements() / length);
        float[] divergences = new float[rows];
        chunks.map(
                differences.elements(),
                (chunk, scratch) -> {
                    long from = Math.ceilDiv(chunk.from(), length);
                    for (long row = from; row * length < chunk.end(); row++) {
                        divergences[(int) row] = divergence(row * length, scratch);
                    }
                    return 0;
                });
        return new Importance(source, divergences);
    }

    // The softmax of a single element is always 1, but sums would show rounding errors.
    private float divergence(long from, Scratch scratch) {
        if (differences.rowLength() == 1) {
            return 0;
        }
        Divergence row = new Divergence(ops);
        long end = from + differences.rowLength();
        for (long i = from; i < end; i += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, end - i);
            differences.readBoth(source, i, n, scratch.tile(0), scratch.tile(1));
            row.add(scratch.tile(0), scratch.tile(1), n, scratch);
        }
        return (float) row.total();
    }

    /// Each element's importance.
    Measure of(Importance importance) {
        return (base, from, n, _, into) -> {
            differences.read(source, base, from, n, into);
            weigh(importance, from, n, into);
        };
    }

    // Converts differences to importances.
    private void weigh(Importance importance, long from, int n, float[] tile) {
        long length = differences.rowLength();
        int at = 0;
        while (at < n) {
            long row = (from + at) / length;
            int end = (int) Math.min(n, (row + 1) * length - from);
            float factor = importance.rows()[(int) row];
            for (int i = at; i < end; i++) {
                tile[i] = Math.abs(tile[i]) * factor;
            }
            at = end;
        }
    }

    /// [Combination.ReplaceAtLeast].
    void run(Chunks chunks, Combination.ReplaceAtLeast replacement, OutputTensor output) {
        OutputPass.run(
                chunks,
                output,
                ops,
                (_, scratch) ->
                        (from, n) -> {
                            float[] base = scratch.tile(0);
                            float[] other = scratch.tile(1);
                            float[] importance = scratch.tile(2);
                            differences.readBase(from, n, base);
                            differences.readSource(source, from, n, other);
                            ops.subtract(other, base, importance, n);
                            weigh(replacement.importance(), from, n, importance);
                            ops.replaceAtLeast(base, other, importance, replacement.threshold(), n);
                            return base;
                        });
    }
}
