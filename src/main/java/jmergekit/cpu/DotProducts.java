package jmergekit.cpu;

import jmergekit.primitive.Scratch;
import jmergekit.tile.Lanes;
import jmergekit.tile.TileOps;

/// The dot products of all pairs of sources' vectors, accumulated tile by tile in fixed lanes.
final class DotProducts {
    private final double[][][] lanes;
    private final SourceTiles vectors;
    private final TileOps ops;

    DotProducts(SourceTiles vectors, TileOps ops) {
        this.vectors = vectors;
        this.lanes = new double[vectors.count()][vectors.count()][TileOps.LANES];
        this.ops = ops;
    }

    /// Adds the products of the tiles that `vectors` has read.
    void add(Scratch scratch, int n) {
        for (int i = 0; i < lanes.length; i++) {
            for (int j = 0; j <= i; j++) {
                if (vectors.counts(i) && vectors.counts(j)) {
                    ops.dot(scratch.tile(i), scratch.tile(j), n, lanes[i][j]);
                }
            }
        }
    }

    /// The symmetric matrix of all products so far.
    double[][] totals() {
        double[][] totals = new double[lanes.length][lanes.length];
        for (int i = 0; i < lanes.length; i++) {
            for (int j = 0; j <= i; j++) {
                totals[i][j] = Lanes.total(lanes[i][j]);
                totals[j][i] = totals[i][j];
            }
        }
        return totals;
    }
}
