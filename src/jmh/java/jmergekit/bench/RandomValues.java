package jmergekit.bench;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/// The values of one tensor of one model: approximately normally distributed, each a function of
/// the names and the position only, so that tensors are reproducible in any order.
///
/// A fine-tune is the base model plus a small delta. The size of the delta differs from tensor to
/// tensor, and one in ten values is the same as in the base; rounding to bf16 removes some more
/// small deltas.
final class RandomValues {
    private static final ValueLayout.OfShort BF16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    // 16 random bits select a value, so one 64-bit hash is enough for four.
    private static final int TABLE = 1 << 16;
    private static final float[] NORMAL = normal();

    // The constants of SplitMix64 (Steele, Lea and Flood, 2014).
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final short[] values = new short[TABLE];
    private final float[] deltas = new float[TABLE];
    private final long valueKey;
    private final long deltaKey;
    private final boolean fineTune;

    RandomValues(Weight weight, String model) {
        valueKey = hash(weight.name().hashCode());
        deltaKey = hash(valueKey + model.hashCode());
        fineTune = !model.equals("base");
        float scale = (float) (weight.scale() * Math.pow(2, unit(valueKey) * 2 - 1));
        float deltaScale = (float) (scale * Math.pow(2, -2 - 3 * unit(deltaKey)));
        for (int i = 0; i < TABLE; i++) {
            values[i] = bf16(weight.mean() + scale * NORMAL[i]);
            deltas[i] = i % 10 == 0 ? 0 : deltaScale * NORMAL[i];
        }
    }

    private static float[] normal() {
        Random random = new Random(1);
        float[] table = new float[TABLE];
        for (int i = 0; i < TABLE; i++) {
            table[i] = (float) random.nextGaussian();
        }
        return table;
    }

    private static double unit(long key) {
        return (hash(key + STEP) >>> 11) * 0x1p-53;
    }

    /// Fills `target` with the tensor's values from the element `first`, a multiple of four.
    void fill(MemorySegment target, long first) {
        long count = target.byteSize() / 2;
        for (long i = 0; i < count; i += 4) {
            long at = (first + i) / 4 * STEP;
            long value = hash(valueKey + at);
            long delta = fineTune ? hash(deltaKey + at) : 0;
            int end = (int) Math.min(4, count - i);
            for (int j = 0; j < end; j++) {
                target.set(BF16, 2 * (i + j), element(value >>> 16 * j, delta >>> 16 * j));
            }
        }
    }

    private short element(long value, long delta) {
        short base = values[(int) value & 0xFFFF];
        if (!fineTune) {
            return base;
        }
        return bf16(Float.intBitsToFloat(base << 16) + deltas[(int) delta & 0xFFFF]);
    }

    private static long hash(long key) {
        long z = key;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// Rounds to nearest even; the values here are finite.
    private static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
