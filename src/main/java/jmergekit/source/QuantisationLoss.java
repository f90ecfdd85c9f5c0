package jmergekit.source;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.tensor.NonFinite;
import jmergekit.tile.TileOps;

/// The difference between a quantised tensor and the original: each value is multiplied by the
/// scale of its block and compared. NaN and infinite elements are only counted.
///
/// @param squaredError sum of the squared differences
/// @param squaredNorm sum of the squared elements of the tensor
/// @param largest the largest difference relative to the largest magnitude that its block can
///     represent
/// @param nonFinite the number of elements that are NaN or infinite
public record QuantisationLoss(
        double squaredError, double squaredNorm, double largest, long nonFinite) {
    public static final QuantisationLoss NONE = new QuantisationLoss(0, 0, 0, 0);

    /// The loss of two tensors together, or of two parts of one.
    public QuantisationLoss plus(QuantisationLoss other) {
        return new QuantisationLoss(
                squaredError + other.squaredError,
                squaredNorm + other.squaredNorm,
                Math.max(largest, other.largest),
                nonFinite + other.nonFinite);
    }

    /// The norm of the differences relative to that of the tensor; 0 if that is 0.
    public double relative() {
        return squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm);
    }

    /// Reads the whole tensor. The result does not depend on the number of threads.
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
