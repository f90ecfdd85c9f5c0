package jmergekit.cpu;

import jmergekit.primitive.Importance;
import jmergekit.primitive.Scratch;
import jmergekit.tile.Lanes;
import jmergekit.tile.TileOps;

/// The Kullback-Leibler divergence of the softmax of `base + difference` from the softmax of
/// `base`, over one row that is read tile by tile.
///
/// With weights `w = exp(base)` it is `sum(w e^d d) / sum(w e^d) - log(sum(w e^d) / sum(w))`. The
/// sum of `w (e^d - 1)` is accumulated instead of the sum of `w e^d`: fine-tuned rows differ in the
/// fourth digit, and the divergence is a second-order difference.
final class Divergence {
    private final TileOps ops;
    private final double[][] lanes = new double[3][TileOps.LANES];
    private float shift = Float.NEGATIVE_INFINITY;

    Divergence(TileOps ops) {
        this.ops = ops;
    }

    /// Adds `n` elements.
    void add(float[] base, float[] difference, int n, Scratch spares) {
        float largest = ops.largest(base, n);
        if (largest > shift) {
            rescale(Math.exp((double) shift - largest));
            shift = largest;
        }
        float[] weights = spares.spare(0);
        float[] growths = spares.spare(1);
        ops.exp(base, shift, weights, n);
        ops.expm1(difference, growths, n);
        ops.addTilted(weights, growths, difference, n, lanes);
    }

    // Rescales the weights so far, which were relative to a smaller element.
    private void rescale(double factor) {
        for (double[] sum : lanes) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] *= factor;
            }
        }
    }

    /// In nats, at least 0.
    double total() {
        return Importance.divergence(
                Lanes.total(lanes[0]), Lanes.total(lanes[1]), Lanes.total(lanes[2]));
    }
}
