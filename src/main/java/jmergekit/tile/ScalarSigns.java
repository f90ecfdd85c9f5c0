package jmergekit.tile;

/// Operations on signs and magnitudes, as plain loops.
final class ScalarSigns {
    private ScalarSigns() {}

    static int largestMagnitude(float[] x, int from, int end) {
        int largest = 0;
        for (int i = from; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(x[i]) & Integer.MAX_VALUE);
        }
        return largest;
    }

    /// [TileOps#countSigns].
    static long count(float[] a, float[] b, int from, int end) {
        int both = 0;
        int opposite = 0;
        for (int i = from; i < end; i++) {
            if (a[i] != 0 && b[i] != 0) {
                both++;
                opposite += (Float.floatToRawIntBits(a[i]) ^ Float.floatToRawIntBits(b[i])) >>> 31;
            }
        }
        return (long) opposite << 32 | both;
    }
}
