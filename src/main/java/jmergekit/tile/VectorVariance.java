package jmergekit.tile;

import jdk.incubator.vector.DoubleVector;

/// [TileOps#variance] with vectors, without float64 values in memory.
final class VectorVariance {
    private static final int STEP = VectorDoubleLanes.DOUBLES.length();

    private VectorVariance() {}

    /// @param end a multiple of [TileOps#LANES]
    static void variance(float[][] xs, double share, float[] into, int end) {
        if (xs.length == 2) {
            ofTwo(xs[0], xs[1], share, into, end);
        } else {
            ofMany(xs, share, into, end);
        }
    }

    // The most common case in merges. The other loop checks the indices of every access.
    private static void ofTwo(float[] a, float[] b, double share, float[] into, int end) {
        for (int i = 0; i < end; i += STEP) {
            DoubleVector x = VectorDoubleLanes.load(a, i);
            DoubleVector y = VectorDoubleLanes.load(b, i);
            DoubleVector mean = x.mul(share).add(y.mul(share));
            DoubleVector first = x.sub(mean);
            DoubleVector second = y.sub(mean);
            DoubleVector squares = first.mul(first).add(second.mul(second));
            VectorDoubleLanes.store(squares.mul(share), into, i);
        }
    }

    private static void ofMany(float[][] xs, double share, float[] into, int end) {
        for (int i = 0; i < end; i += STEP) {
            DoubleVector mean = DoubleVector.zero(VectorDoubleLanes.DOUBLES);
            for (float[] x : xs) {
                mean = mean.add(VectorDoubleLanes.load(x, i).mul(share));
            }
            DoubleVector squares = DoubleVector.zero(VectorDoubleLanes.DOUBLES);
            for (float[] x : xs) {
                DoubleVector distance = VectorDoubleLanes.load(x, i).sub(mean);
                squares = squares.add(distance.mul(distance));
            }
            VectorDoubleLanes.store(squares.mul(share), into, i);
        }
    }
}
