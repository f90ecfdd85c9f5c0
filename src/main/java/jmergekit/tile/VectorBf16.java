package jmergekit.tile;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// [SmallFloat]'s BF16 with vectors, for elements 0 to `bound` of a tile, a multiple of the
/// vector's length.
final class VectorBf16 {
    private static final int STEP = VectorShapes.FLOATS.length();

    private VectorBf16() {}

    static void widen(MemorySegment source, long byteOffset, float[] into, int bound) {
        // A slice of just these bytes: its length lets the compiler move the checks out of the
        // loop.
        MemorySegment halvesOfTile = source.asSlice(byteOffset, 2L * bound);
        if (bound > 0) {
            // Where a page of a mapped file is lost, since somebody shortened the file or its disk
            // failed, HotSpot throws an InternalError in compiled methods that have a plain load,
            // and ends the process in those that only load vectors.
            halvesOfTile.get(ValueLayout.JAVA_BYTE, 0);
        }
        for (int i = 0; i < bound; i += STEP) {
            ShortVector halves =
                    ShortVector.fromMemorySegment(
                            VectorShapes.SHORTS, halvesOfTile, 2L * i, LITTLE_ENDIAN);
            IntVector wide =
                    (IntVector)
                            halves.convertShape(
                                    VectorOperators.ZERO_EXTEND_S2I, VectorShapes.INTS, 0);
            wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(into, i);
        }
    }

    static void narrow(float[] x, int bound, MemorySegment target, long byteOffset) {
        for (int i = 0; i < bound; i += STEP) {
            IntVector bits = FloatVector.fromArray(VectorShapes.FLOATS, x, i).reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector rounded = bits.add(odd).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
            IntVector magnitude = bits.and(Integer.MAX_VALUE);
            IntVector wide =
                    rounded.blend(
                            SmallFloat.BF16_NAN,
                            magnitude.compare(VectorOperators.GT, SmallFloat.F32_INFINITY));
            ((ShortVector) wide.convertShape(VectorOperators.I2S, VectorShapes.SHORTS, 0))
                    .intoMemorySegment(target, byteOffset + 2L * i, LITTLE_ENDIAN);
        }
    }
}
