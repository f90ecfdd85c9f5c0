package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Scratch;
import jmergekit.tile.Lanes;
import jmergekit.tile.TileOps;

/// The reading passes that sum the parts of differences that masks keep.
final class MaskedSums {
    private final Differences differences;
    private final Mask[] masks;
    private final TileOps ops;

    MaskedSums(Differences differences, Mask[] masks, TileOps ops) {
        this.differences = differences;
        this.masks = masks;
        this.ops = ops;
    }

    /// [jmergekit.primitive.Primitives#absoluteSums].
    double[][] absolute(Chunks chunks) {
        double[][] sums = new double[differences.count()][2];
        List<double[][][]> parts =
                lanes(
                        chunks,
                        (difference, n, lanes, masked) -> {
                            ops.absoluteSum(difference, n, lanes[0]);
                            masked.run();
                            ops.absoluteSum(difference, n, lanes[1]);
                        });
        for (double[][][] part : parts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i][0] += Lanes.total(part[i][0]);
                sums[i][1] += Lanes.total(part[i][1]);
            }
        }
        return sums;
    }

    /// [jmergekit.primitive.Primitives#squareSums].
    double[] squares(Chunks chunks) {
        double[] sums = new double[differences.count()];
        List<double[][][]> parts =
                lanes(
                        chunks,
                        (difference, n, lanes, masked) -> {
                            masked.run();
                            ops.dot(difference, difference, n, lanes[0]);
                        });
        for (double[][][] part : parts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += Lanes.total(part[i][0]);
            }
        }
        return sums;
    }

    private interface Sum {
        void add(float[] difference, int n, double[][] lanes, Runnable mask);
    }

    // By chunk: two lane sums for each source.
    private List<double[][][]> lanes(Chunks chunks, Sum sum) {
        return chunks.map(
                differences.elements(),
                (chunk, scratch) -> {
                    double[][][] lanes = new double[differences.count()][2][TileOps.LANES];
                    MaskedTiles masked = new MaskedTiles(masks, chunk, differences, ops, scratch);
                    for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                        int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                        tile(i, n, scratch, masked, sum, lanes);
                    }
                    return lanes;
                });
    }

    private void tile(
            long from, int n, Scratch scratch, MaskedTiles masked, Sum sum, double[][][] lanes) {
        float[] base = scratch.tile(0);
        float[] difference = scratch.tile(1);
        differences.readBase(from, n, base);
        masked.begin(base, from, n);
        for (int i = 0; i < differences.count(); i++) {
            if (!differences.isBase(i)) {
                int source = i;
                differences.read(i, base, from, n, difference);
                sum.add(difference, n, lanes[i], () -> masked.apply(source, difference, from, n));
            }
        }
    }
}
