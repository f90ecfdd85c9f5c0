package jmergekit.source;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.tensor.NonFinite;
import jmergekit.tile.TileOps;

/// How far a quantised tensor is from the one that it is made of: what it stands for is the product of
/// each value and the scale of its block. Elements that are NaN or infinite are counted and take no
/// other part.
///
/// @param squaredError sum of the squares of the differences
/// @param squaredNorm sum of the squares of the tensor's elements
/// @param largest largest difference, over the largest magnitude that its block can hold
/// @param nonFinite how many elements are NaN or infinite
public record QuantisationLoss(
        double squaredError, double squaredNorm, double largest, long nonFinite) {
    public static final QuantisationLoss NONE = new QuantisationLoss(0, 0, 0, 0);

    /// Of two tensors together, or two parts of one.
    public QuantisationLoss plus(QuantisationLoss other) {
        return new QuantisationLoss(
                squaredError + other.squaredError,
                squaredNorm + other.squaredNorm,
                Math.max(largest, other.largest),
                nonFinite + other.nonFinite);
    }

    /// Norm of the differences over that of the tensor; 0 if that is 0.
    public double relative() {
        return squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
    }

    /// Reads all of the tensor. The result does not depend on the number of threads.
    public static QuantisationLoss of(QuantisedValues quantised, Chunks chunks) {
        List<QuantisationLoss> parts =
                chunks.map(quantised.elements(), (chunk, _) -> of(quantised, chunk));
        return parts.stream().reduce(NONE, QuantisationLoss::plus);
    }

    private static QuantisationLoss of(QuantisedValues quantised, Chunks.Chunk chunk) {
        float[] x = new float[TileOps.TILE];
        float[] q = new float[TileOps.TILE];
        QuantisationLoss loss = NONE;
        for (long from = chunk.from(); from < chunk.end(); from += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, chunk.end() - from);
            quantised.tensor().read(from, n, x);
            quantised.read(from, n, q);
            loss = loss.plus(of(quantised, from, n, x, q));
        }
        return loss;
    }

    private static QuantisationLoss of(
            QuantisedValues quantised, long from, int n, float[] x, float[] q) {
        double error = 0;
        double norm = 0;
        double largest = 0;
        BlockFormat format = quantised.format();
        for (BlockRuns run = new BlockRuns(format, from, n); run.next(); ) {
            double scale = quantised.scales().scale(run.block());
            double most = 0;
            for (int i = run.start(); i < run.end(); i++) {
                double difference = q[i] * scale - x[i];
                if (Math.abs(difference) <= Double.MAX_VALUE) {
                    error += difference * difference;
                    norm += (double) x[i] * x[i];
                    most = Math.max(most, Math.abs(difference));
                }
            }
            largest = Math.max(largest, most / (scale * format.floats().largest()));
        }
        return new QuantisationLoss(error, norm, largest, NonFinite.count(x, n));
    }
}
