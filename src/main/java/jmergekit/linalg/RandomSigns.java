package jmergekit.linalg;

import java.nio.charset.StandardCharsets;

/// Random signs that are a function of a key and a position: the same on every machine and in any
/// order. The mixing function is that of SplitMix64 (Steele, Lea and Flood, 2014).
final class RandomSigns {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private RandomSigns() {}

    static long key(long seed, String name) {
        long key = mix(seed);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            key = mix(key + b + STEP);
        }
        return key;
    }

    /// `count` values of 1 and -1.
    static double[] signs(long key, int count) {
        double[] signs = new double[count];
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits = i % Long.SIZE == 0 ? mix(key + (i / Long.SIZE + 1) * STEP) : bits >>> 1;
            signs[i] = (bits & 1) == 0 ? 1 : -1;
        }
        return signs;
    }

    private static long mix(long key) {
        long z = key;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
