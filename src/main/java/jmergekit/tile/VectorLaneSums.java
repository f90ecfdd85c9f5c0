package jmergekit.tile;

import jdk.incubator.vector.DoubleVector;

/// Sums over tiles in float64, with vectors.
final class VectorLaneSums {
    private static final int STEP = VectorDoubleLanes.DOUBLES.length();

    private VectorLaneSums() {}

    /// @param end a multiple of [TileOps#LANES]
    static void dot(float[] a, float[] b, int end, double[] lanes) {
        // Two running sums at a time, for any width, to hide latency.
        for (int first = 0; first < TileOps.LANES; first += 2 * STEP) {
            DoubleVector sum = DoubleVector.fromArray(VectorDoubleLanes.DOUBLES, lanes, first);
            DoubleVector next =
                    DoubleVector.fromArray(VectorDoubleLanes.DOUBLES, lanes, first + STEP);
            for (int i = first; i < end; i += TileOps.LANES) {
                sum = sum.add(VectorDoubleLanes.load(a, i).mul(VectorDoubleLanes.load(b, i)));
                next =
                        next.add(
                                VectorDoubleLanes.load(a, i + STEP)
                                        .mul(VectorDoubleLanes.load(b, i + STEP)));
            }
            sum.intoArray(lanes, first);
            next.intoArray(lanes, first + STEP);
        }
    }

    /// @param end a multiple of [TileOps#LANES]
    static void absolute(float[] x, int end, double[] lanes) {
        for (int first = 0; first < TileOps.LANES; first += 2 * STEP) {
            DoubleVector sum = DoubleVector.fromArray(VectorDoubleLanes.DOUBLES, lanes, first);
            DoubleVector next =
                    DoubleVector.fromArray(VectorDoubleLanes.DOUBLES, lanes, first + STEP);
            for (int i = first; i < end; i += TileOps.LANES) {
                sum = sum.add(VectorDoubleLanes.load(x, i).abs());
                next = next.add(VectorDoubleLanes.load(x, i + STEP).abs());
            }
            sum.intoArray(lanes, first);
            next.intoArray(lanes, first + STEP);
        }
    }
}
