package jmergekit.tile;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector shapes in use, as constants for the compiler.
///
/// The width is the CPU's, or the system property `jmergekit.vectorBits` (128, 256 or 512), so that
/// tests can force each. A width that the CPU lacks works, but slowly.
final class VectorShapes {
    /// The narrowest vector whose half still supports shorts.
    static final int NARROWEST_BITS = 128;

    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape());
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /// The species with as many shorts as [#FLOATS] has floats.
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.length() * Short.SIZE));

    private VectorShapes() {}

    /// Bits of the widest vector that the CPU supports directly.
    static int preferredBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    private static VectorShape shape() {
        int bits = Integer.getInteger("jmergekit.vectorBits", preferredBits());
        if (bits != 128 && bits != 256 && bits != 512) {
            throw new IllegalArgumentException(
                    "jmergekit.vectorBits is " + bits + ", expected 128, 256 or 512");
        }
        return VectorShape.forBitSize(bits);
    }
}
