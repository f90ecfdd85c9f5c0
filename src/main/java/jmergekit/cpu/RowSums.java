package jmergekit.cpu;

import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.CoefficientRule;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// The writing pass of weighted sums with separate coefficients for each row along the last
/// dimension. A row belongs to the chunk in which it begins.
final class RowSums {
    private final SourceTiles vectors;
    private final CoefficientRule rule;
    private final long length;
    private final OutputTensor output;
    private final TileOps ops;

    /// @param length number of elements of a row
    RowSums(
            SourceTiles vectors,
            CoefficientRule rule,
            long length,
            OutputTensor output,
            TileOps ops) {
        this.vectors = vectors;
        this.rule = rule;
        this.length = length;
        this.output = output;
        this.ops = ops;
    }

    void run(Chunks chunks) {
        chunks.map(
                output.spec().shape().elements(),
                (chunk, scratch) -> {
                    long from = Math.ceilDiv(chunk.from(), length) * length;
                    ChunkOutput out = new ChunkOutput(output, ops, scratch, from);
                    for (long row = from; row < chunk.end(); row += length) {
                        row(row, scratch, out);
                    }
                    out.flush();
                    return 0;
                });
    }

    private void row(long from, Scratch scratch, ChunkOutput out) {
        DotProducts products = new DotProducts(vectors, ops);
        for (long i = from; i < from + length; i += TileOps.TILE) {
            int n = tileSize(i, from + length);
            vectors.read(i, n, scratch);
            products.add(scratch, n);
        }
        double[] coefficients = rule.coefficients(products.totals());
        float[] sum = scratch.spare(0);
        for (long i = from; i < from + length; i += TileOps.TILE) {
            int n = tileSize(i, from + length);
            if (length > TileOps.TILE) {
                vectors.read(i, n, scratch);
            }
            vectors.start(sum, n, scratch);
            for (int v = 0; v < vectors.count(); v++) {
                if (vectors.counts(v)) {
                    ops.addScaled(sum, scratch.tile(v), (float) coefficients[v], n);
                }
            }
            out.append(sum, n);
        }
    }

    private static int tileSize(long from, long end) {
        return (int) Math.min(TileOps.TILE, end - from);
    }
}
