package jmergekit.evaluate;

import java.io.ByteArrayOutputStream;

/// The last bytes of a stream.
final class TailBuffer {
    private final byte[] ring;
    private long total;

    TailBuffer(int capacity) {
        ring = new byte[capacity];
    }

    void add(byte[] bytes, int count) {
        for (int i = Math.max(0, count - ring.length); i < count; i++) {
            ring[(int) ((total + i) % ring.length)] = bytes[i];
        }
        total += count;
    }

    /// How many bytes went in.
    long total() {
        return total;
    }

    /// The last bytes, at most as many as asked for.
    byte[] last(long most) {
        int count = (int) Math.min(most, Math.min(total, ring.length));
        ByteArrayOutputStream out = new ByteArrayOutputStream(count);
        for (long at = total - count; at < total; at++) {
            out.write(ring[(int) (at % ring.length)]);
        }
        return out.toByteArray();
    }
}
