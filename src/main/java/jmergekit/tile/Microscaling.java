package jmergekit.tile;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// [TileOps#widenMicroscaled] one byte at a time: a byte holds two numbers, which are looked up
/// together.
///
/// Source: *OCP Microscaling Formats (MX) Specification*, version 1.0.
final class Microscaling {
    static final int BLOCK_BYTES = TileOps.MX_BLOCK / 2;

    /// Scales indexed by their bits.
    static final float[] POWERS = powers();

    /// The two numbers of each byte.
    private static final float[] PAIRS = E2m1.pairs();

    private Microscaling() {}

    private static float[] powers() {
        float[] powers = new float[256];
        for (int bits = 0; bits < powers.length; bits++) {
            powers[bits] = SmallFloat.ofE8m0(bits);
        }
        return powers;
    }

    static void widen(
            MemorySegment codes,
            long byteOffset,
            MemorySegment scales,
            long scaleOffset,
            float[] into,
            int at,
            int blocks) {
        // If a page of the file is lost, values read from it are not known to be in bounds, so
        // table indices are copied out of the files first.
        byte[] bytes = new byte[BLOCK_BYTES * blocks];
        MemorySegment.copy(codes, JAVA_BYTE, byteOffset, bytes, 0, bytes.length);
        byte[] powers = new byte[blocks];
        MemorySegment.copy(scales, JAVA_BYTE, scaleOffset, powers, 0, blocks);
        for (int block = 0; block < blocks; block++) {
            float factor = POWERS[powers[block] & 0xff];
            int to = at + block * TileOps.MX_BLOCK;
            for (int i = 0; i < BLOCK_BYTES; i++) {
                int pair = 2 * (bytes[block * BLOCK_BYTES + i] & 0xff);
                into[to + 2 * i] = PAIRS[pair] * factor;
                into[to + 2 * i + 1] = PAIRS[pair + 1] * factor;
            }
        }
    }

    static void widen(
            int[] words, int word, float[] factors, int factor, float[] into, int to, int count) {
        for (int i = 0; i < 8 * count; i++) {
            int bits = words[word + i / 8] >>> i % 8 * 4 & 15;
            float magnitude = E2m1.MAGNITUDES[bits & 7];
            into[to + i] = (bits < 8 ? magnitude : -magnitude) * factors[factor + i];
        }
    }
}
