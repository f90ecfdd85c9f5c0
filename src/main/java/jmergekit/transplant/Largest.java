package jmergekit.transplant;

import java.util.Arrays;

/// The places of the largest of many keys. Among equal keys the first counts.
final class Largest {
    private final long[] heap;
    private int size;

    /// @param count how many keys to find
    Largest(int count) {
        heap = new long[count];
    }

    // Ordered like the floats themselves; NaN is the smallest.
    private static long entry(float key, int place) {
        int bits = Float.floatToRawIntBits(Float.isNaN(key) ? Float.NEGATIVE_INFINITY : key);
        int ordered = bits < 0 ? ~bits ^ 0x80000000 : bits;
        return (long) ordered << 32 | 0xffffffffL - place;
    }

    void offer(float key, int place) {
        if (size < heap.length) {
            heap[size++] = entry(key, place);
            if (size == heap.length) {
                for (int i = size / 2 - 1; i >= 0; i--) {
                    sink(i);
                }
            }
        } else if (size > 0) {
            long entry = entry(key, place);
            if (entry > heap[0]) {
                heap[0] = entry;
                sink(0);
            }
        }
    }

    private void sink(int from) {
        int at = from;
        long moved = heap[at];
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= moved) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
    }

    /// Writes the places, in their order, and clears them.
    ///
    /// @return the number of places
    int drain(int[] into) {
        for (int i = 0; i < size; i++) {
            into[i] = (int) (0xffffffffL - (heap[i] & 0xffffffffL));
        }
        Arrays.sort(into, 0, size);
        int count = size;
        size = 0;
        return count;
    }
}
