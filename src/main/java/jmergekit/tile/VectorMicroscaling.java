package jmergekit.tile;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [Microscaling] with vectors of eight numbers, regardless of the CPU's preferred width: there are
/// eight magnitudes, and an `int` holds eight numbers.
final class VectorMicroscaling {
    static final int BITS = 256;

    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final int WORDS = Microscaling.BLOCK_BYTES / Integer.BYTES;
    private static final int SIGN_SHIFT = 28;
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final IntVector SHIFTS =
            IntVector.fromArray(INTS, new int[] {0, 4, 8, 12, 16, 20, 24, 28}, 0);
    private static final IntVector MAGNITUDES =
            FloatVector.fromArray(FloatVector.SPECIES_256, E2m1.MAGNITUDES, 0).reinterpretAsInts();

    private VectorMicroscaling() {}

    static void widen(
            MemorySegment codes,
            long byteOffset,
            MemorySegment scales,
            long scaleOffset,
            float[] into,
            int at,
            int blocks) {
        // If a page of the file is lost, values read from it are not known to be in bounds, and
        // HotSpot ends the process in loops that only load vectors. Table indices and vectors are
        // therefore copied out of the files first.
        int[] words = new int[blocks * WORDS];
        MemorySegment.copy(codes, WORD, byteOffset, words, 0, words.length);
        byte[] powers = new byte[blocks];
        MemorySegment.copy(scales, ValueLayout.JAVA_BYTE, scaleOffset, powers, 0, blocks);
        for (int i = 0; i < words.length; i++) {
            float factor = Microscaling.POWERS[powers[i / WORDS] & 0xff];
            IntVector bits =
                    IntVector.broadcast(INTS, words[i]).lanewise(VectorOperators.LSHR, SHIFTS);
            IntVector sign = bits.and(8).lanewise(VectorOperators.LSHL, SIGN_SHIFT);
            bits.and(7)
                    .selectFrom(MAGNITUDES)
                    .or(sign)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .intoArray(into, at + 8 * i);
        }
    }

    static void widen(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count) {
        for (int i = 0; i < count; i++) {
            IntVector bits =
                    IntVector.broadcast(INTS, words[word + i])
                            .lanewise(VectorOperators.LSHR, SHIFTS);
            IntVector sign = bits.and(8).lanewise(VectorOperators.LSHL, SIGN_SHIFT);
            bits.and(7)
                    .selectFrom(MAGNITUDES)
                    .or(sign)
                    .reinterpretAsFloats()
                    .mul(FloatVector.fromArray(FloatVector.SPECIES_256, factors, factor + 8 * i))
                    .intoArray(into, to + 8 * i);
        }
    }
}
