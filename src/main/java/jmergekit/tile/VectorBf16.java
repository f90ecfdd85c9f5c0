package jmergekit.tile;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// [SmallFloat]'s BF16 with vectors, for elements 0 to `bound` of a tile, where `bound` is a
/// multiple of the vector length.
///
/// Methods that read a segment take a slice of just the tile: its known length lets the compiler
/// move the checks out of the loop. They also contain a plain load in their own body. If a page of
/// a mapped file is lost, because the file was truncated or its disk failed, HotSpot throws an
/// InternalError in compiled methods that contain a plain load, but ends the process in those that
/// only load vectors.
///
/// The loops repeat common code: with a shared method, a merge took 3 % more processor time.
final class VectorBf16 {
    private static final int STEP = VectorShapes.FLOATS.length();

    private VectorBf16() {}

    static void widen(MemorySegment source, long byteOffset, float[] into, int bound) {
        MemorySegment halves = source.asSlice(byteOffset, 2L * bound);
        if (bound > 0) {
            halves.get(ValueLayout.JAVA_BYTE, 0);
        }
        for (int i = 0; i < bound; i += STEP) {
            ShortVector narrow =
                    ShortVector.fromMemorySegment(
                            VectorShapes.SHORTS, halves, 2L * i, LITTLE_ENDIAN);
            IntVector wide =
                    (IntVector)
                            narrow.convertShape(
                                    VectorOperators.ZERO_EXTEND_S2I, VectorShapes.INTS, 0);
            wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(into, i);
        }
    }

    static void widenDifference(
            MemorySegment source, long byteOffset, float[] base, float[] into, int bound) {
        MemorySegment halves = source.asSlice(byteOffset, 2L * bound);
        if (bound > 0) {
            halves.get(ValueLayout.JAVA_BYTE, 0);
        }
        for (int i = 0; i < bound; i += STEP) {
            ShortVector narrow =
                    ShortVector.fromMemorySegment(
                            VectorShapes.SHORTS, halves, 2L * i, LITTLE_ENDIAN);
            IntVector wide =
                    (IntVector)
                            narrow.convertShape(
                                    VectorOperators.ZERO_EXTEND_S2I, VectorShapes.INTS, 0);
            wide.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .sub(FloatVector.fromArray(VectorShapes.FLOATS, base, i))
                    .intoArray(into, i);
        }
    }

    static void addDifference(
            MemorySegment source,
            long byteOffset,
            float[] base,
            float factor,
            float[] sum,
            int bound) {
        MemorySegment halves = source.asSlice(byteOffset, 2L * bound);
        if (bound > 0) {
            halves.get(ValueLayout.JAVA_BYTE, 0);
        }
        for (int i = 0; i < bound; i += STEP) {
            ShortVector narrow =
                    ShortVector.fromMemorySegment(
                            VectorShapes.SHORTS, halves, 2L * i, LITTLE_ENDIAN);
            IntVector wide =
                    (IntVector)
                            narrow.convertShape(
                                    VectorOperators.ZERO_EXTEND_S2I, VectorShapes.INTS, 0);
            FloatVector x = wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector difference = x.sub(FloatVector.fromArray(VectorShapes.FLOATS, base, i));
            FloatVector.fromArray(VectorShapes.FLOATS, sum, i)
                    .add(difference.mul(factor))
                    .intoArray(sum, i);
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
