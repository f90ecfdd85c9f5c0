package jmergekit.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Dot products in float64 with vectors.
final class VectorDot {
    // Here and not with the others: setting them up takes a while, and few methods need them.
    private static final VectorSpecies<Double> DOUBLES = Species.FLOATS.withLanes(double.class);

    /// As many floats as [#DOUBLES] has doubles.
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.length() * Float.SIZE));

    private static final int STEP = DOUBLES.length();

    private VectorDot() {}

    /// @param end a multiple of [TileOps#LANES]
    static void dot(float[] a, float[] b, int end, double[] lanes) {
        // Two running sums at a time, for any width: they hide each other's latency.
        for (int first = 0; first < TileOps.LANES; first += 2 * STEP) {
            DoubleVector sum = DoubleVector.fromArray(DOUBLES, lanes, first);
            DoubleVector next = DoubleVector.fromArray(DOUBLES, lanes, first + STEP);
            for (int i = first; i < end; i += TileOps.LANES) {
                sum = sum.add(load(a, i).mul(load(b, i)));
                next = next.add(load(a, i + STEP).mul(load(b, i + STEP)));
            }
            sum.intoArray(lanes, first);
            next.intoArray(lanes, first + STEP);
        }
    }

    private static DoubleVector load(float[] x, int i) {
        return (DoubleVector)
                FloatVector.fromArray(FLOATS, x, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
