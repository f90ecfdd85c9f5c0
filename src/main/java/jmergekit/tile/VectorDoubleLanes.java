package jmergekit.tile;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Elements of tiles as vectors of float64.
final class VectorDoubleLanes {
    // Kept separate from the other species: initialising these takes a while, and few methods need
    // them.
    static final VectorSpecies<Double> DOUBLES = VectorShapes.FLOATS.withLanes(double.class);

    /// The species with as many floats as [#DOUBLES] has doubles.
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.length() * Float.SIZE));

    private VectorDoubleLanes() {}

    static DoubleVector load(float[] x, int i) {
        return (DoubleVector)
                FloatVector.fromArray(FLOATS, x, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    static void store(DoubleVector vector, float[] into, int i) {
        ((FloatVector) vector.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(into, i);
    }
}
