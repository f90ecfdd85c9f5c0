package jmergekit.tile;

import java.nio.charset.StandardCharsets;

/// Counter-based random numbers, which depend only on what they are used for: they are the same for
/// any order, thread count and machine. Element `i` of a model's tensor has the draw `bits(key,
/// i)`, 32 uniform bits; the key is derived from the seed, the tensor's name and the model.
///
/// The bits come from two rounds of a 32-bit mixer of multiplications and shifts, each preceded by
/// one half of the key. This is a keyed permutation of the element's number, so nothing is stored
/// and elements can be accessed in any order. [TileOps#keepBernoulli] computes the same for whole
/// tiles.
///
/// Source of the mixer's constants: Wellons, "Prospecting for hash functions", 2018 (public domain).
public final class CounterRandom {
    static final int FIRST_FACTOR = 0x21f0aaad;
    static final int SECOND_FACTOR = 0x735a2d97;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private CounterRandom() {}

    /// The key of one model's draws for one tensor.
    ///
    /// @param model its number in the recipe
    public static long key(long seed, String tensor, int model) {
        long hash = FNV_OFFSET;
        for (byte b : tensor.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return mix64(mix64(mix64(seed) ^ hash) + model);
    }

    /// A uniform number for an element, with 32 bits: between 0 and 1, at least 2^-33 from both.
    public static double uniform(long key, long element) {
        return (Integer.toUnsignedLong(bits(key, element)) + 0.5) * 0x1p-32;
    }

    /// 32 uniform bits for an element.
    public static int bits(long key, long element) {
        return bits(firstKey(key, element), secondKey(key), (int) element);
    }

    /// The limit that keeps a fraction `density`, from 0 to 1 exclusive: draws below it, unsigned,
    /// are kept.
    public static int limit(double density) {
        return (int) (long) (density * 0x1p32);
    }

    /// The value that the low half of an element's number is combined with in the first round. It
    /// is the same for 2^32 consecutive elements.
    static int firstKey(long key, long element) {
        return mix((int) key + (int) (element >>> 32) * FIRST_FACTOR);
    }

    static int secondKey(long key) {
        return (int) (key >>> 32);
    }

    static int bits(int firstKey, int secondKey, int element) {
        return mix(mix(element ^ firstKey) + secondKey);
    }

    private static int mix(int x) {
        int mixed = (x ^ x >>> 16) * FIRST_FACTOR;
        mixed = (mixed ^ mixed >>> 15) * SECOND_FACTOR;
        return mixed ^ mixed >>> 15;
    }

    // One step of SplitMix64.
    private static long mix64(long x) {
        long start = x + 0x9e3779b97f4a7c15L;
        long mixed = (start ^ start >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
