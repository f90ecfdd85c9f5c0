package jmergekit.tile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Operations that read BF16 directly, for elements `from` to `end`; `byteOffset` refers to element
/// 0.
final class ScalarBf16 {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ScalarBf16() {}

    static void widenDifference(
            MemorySegment source, long byteOffset, float[] base, float[] into, int from, int end) {
        for (int i = from; i < end; i++) {
            into[i] = SmallFloat.ofBf16(source.get(SHORT, byteOffset + 2L * i)) - base[i];
        }
    }

    static void addDifference(
            MemorySegment source,
            long byteOffset,
            float[] base,
            float factor,
            float[] sum,
            int from,
            int end) {
        for (int i = from; i < end; i++) {
            float x = SmallFloat.ofBf16(source.get(SHORT, byteOffset + 2L * i));
            sum[i] += factor * (x - base[i]);
        }
    }
}
