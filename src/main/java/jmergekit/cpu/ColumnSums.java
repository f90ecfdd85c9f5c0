package jmergekit.cpu;

import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.CoefficientRule;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;

/// The writing pass of weighted sums with separate coefficients for each vector along the first
/// dimension: for each block of neighbouring columns, it computes first all dot products, then all
/// sums.
final class ColumnSums {
    private final SourceTiles vectors;
    private final CoefficientRule rule;
    private final long rows;
    private final OutputTensor output;
    private final TileOps ops;

    /// @param rows elements of a column
    ColumnSums(
            SourceTiles vectors,
            CoefficientRule rule,
            long rows,
            OutputTensor output,
            TileOps ops) {
        this.vectors = vectors;
        this.rule = rule;
        this.rows = rows;
        this.output = output;
        this.ops = ops;
    }

    void run(Chunks chunks) {
        long columns = output.spec().shape().elements() / rows;
        chunks.map(
                columns,
                (chunk, scratch) -> {
                    for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                        int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                        block(i, n, columns, scratch);
                    }
                    return 0;
                });
    }

    private void block(long firstColumn, int n, long columns, Scratch scratch) {
        double[][][] gram = gram(firstColumn, n, columns, scratch);
        float[][] coefficients = coefficients(gram, n);
        float[] sum = scratch.spare(0);
        for (long row = 0; row < rows; row++) {
            long from = row * columns + firstColumn;
            vectors.read(from, n, scratch);
            vectors.start(sum, n, scratch);
            for (int v = 0; v < vectors.count(); v++) {
                if (vectors.counts(v)) {
                    ops.addProduct(sum, scratch.tile(v), coefficients[v], n);
                }
            }
            ChunkOutput out = new ChunkOutput(output, ops, scratch, from);
            out.append(sum, n);
            out.flush();
        }
    }

    // By source, source and column; only the lower half.
    private double[][][] gram(long firstColumn, int n, long columns, Scratch scratch) {
        int count = vectors.count();
        double[][][] gram = new double[count][count][n];
        for (long row = 0; row < rows; row++) {
            vectors.read(row * columns + firstColumn, n, scratch);
            for (int i = 0; i < count; i++) {
                for (int j = 0; j <= i; j++) {
                    if (vectors.counts(i) && vectors.counts(j)) {
                        ops.addProducts(scratch.tile(i), scratch.tile(j), n, gram[i][j]);
                    }
                }
            }
        }
        return gram;
    }

    private float[][] coefficients(double[][][] gram, int n) {
        int count = vectors.count();
        float[][] coefficients = new float[count][n];
        double[][] ofColumn = new double[count][count];
        for (int column = 0; column < n; column++) {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j <= i; j++) {
                    ofColumn[i][j] = gram[i][j][column];
                    ofColumn[j][i] = gram[i][j][column];
                }
            }
            double[] found = rule.coefficients(ofColumn);
            for (int i = 0; i < count; i++) {
                coefficients[i][column] = (float) found[i];
            }
        }
        return coefficients;
    }
}
