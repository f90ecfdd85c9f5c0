package jmergekit.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [ScalarSigns] with vectors.
final class VectorSigns {
    private static final VectorSpecies<Float> FLOATS = VectorShapes.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorShapes.INTS;

    private VectorSigns() {}

    static int largestMagnitude(float[] x, int end) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < end; i += FLOATS.length()) {
            IntVector bits = FloatVector.fromArray(FLOATS, x, i).reinterpretAsInts();
            largest = largest.max(bits.and(Integer.MAX_VALUE));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    static long count(float[] a, float[] b, int end) {
        int both = 0;
        int opposite = 0;
        for (int i = 0; i < end; i += FLOATS.length()) {
            FloatVector left = FloatVector.fromArray(FLOATS, a, i);
            FloatVector right = FloatVector.fromArray(FLOATS, b, i);
            VectorMask<Float> nonzero =
                    left.compare(VectorOperators.NE, 0).and(right.compare(VectorOperators.NE, 0));
            IntVector differing =
                    left.reinterpretAsInts()
                            .lanewise(VectorOperators.XOR, right.reinterpretAsInts());
            long signs = differing.compare(VectorOperators.LT, 0).toLong();
            long counted = nonzero.toLong();
            both += Long.bitCount(counted);
            opposite += Long.bitCount(counted & signs);
        }
        return (long) opposite << 32 | both;
    }
}
