package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// Elements of tensors.
final class Values {
    /// Float32s at the borders of what formats hold.
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0x1p-25f,
        -0x1.8p-25f,
        0x1p-10f,
        448f,
        464f,
        480f,
        57344f,
        61440f,
        65504f,
        -65520f,
        0.5f,
        1.5f,
        -2.5f,
        127.5f,
        -128.5f,
        255.5f,
        32767.5f,
        65535.5f,
        0x1p31f,
        -0x1p31f,
        0x1p32f,
        0x1p63f,
        -0x1p63f,
        0x1p64f
    };

    /// Bits that a float32's rounding to other formats depends on.
    private static final int[] ZEROED = {0, 0xfff, 0x7fff, 0xfffff, 0x7ffff};

    private Values() {}

    /// Bits of every kind: NaN, infinities, subnormal numbers, both zeros, halves between neighbours
    /// of narrower formats.
    static MemorySegment ofAnyBits(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        ByteBuffer bytes = buffer(n * dtype.bytes());
        for (int i = 0; i < n; i++) {
            switch (dtype) {
                case F64 -> bytes.putDouble(anyDouble(random, i));
                case F32 -> bytes.putInt(Float.floatToRawIntBits(anyFloat(random, i)));
                default -> put(bytes, dtype.bytes(), random, i);
            }
        }
        return MemorySegment.ofArray(bytes.array());
    }

    private static void put(ByteBuffer bytes, int size, Random random, int i) {
        switch (size) {
            case 1 -> bytes.put((byte) (i * 97));
            case 2 -> bytes.putShort((short) (i * 40_503));
            // Integers of all sizes, so that some round.
            case 4 -> bytes.putInt(random.nextInt() >> i % 32);
            default -> bytes.putLong(random.nextLong() >> i % 64);
        }
    }

    private static float anyFloat(Random random, int i) {
        if (i % 8 == 0) {
            return SPECIAL[i / 8 % SPECIAL.length];
        }
        int bits = random.nextInt() & ~ZEROED[i % ZEROED.length];
        // Half of them from 2^-32 to 2^32.
        return Float.intBitsToFloat(
                i % 2 == 0 ? bits : bits & 0x807f_ffff | (95 + random.nextInt(64)) << 23);
    }

    private static double anyDouble(Random random, int i) {
        double value = anyFloat(random, i);
        return switch (i % 4) {
            case 0 -> value;
            case 1 -> value * (1 + 0x1p-24);
            case 2 -> value * (1 + 0x1.8p-24);
            default -> Double.longBitsToDouble(random.nextLong());
        };
    }

    /// Numbers as in the weights of models.
    static MemorySegment usual(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        return of(dtype, n, _ -> random.nextGaussian() / 16);
    }

    /// Multiples of 1/128 below 2 in size, whose products and sums are exact in any order.
    static MemorySegment exact(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        return of(dtype, n, _ -> (random.nextInt(511) - 255) / 128.0);
    }

    /// Three magnitudes only.
    static MemorySegment few(DType dtype, int n, long seed) {
        Random random = new Random(seed);
        return of(dtype, n, _ -> (random.nextInt(7) - 3) / 8.0);
    }

    static MemorySegment zeros(DType dtype, int n) {
        return of(dtype, n, _ -> 0);
    }

    /// Computed values, rounded to a dtype.
    static MemorySegment of(DType dtype, int n, IntToDoubleFunction value) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[n * dtype.bytes()]);
        TileOps.best().narrow(floats(n, value), n, dtype, bytes, 0);
        return bytes;
    }

    static float[] floats(int n, IntToDoubleFunction value) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        return values;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
