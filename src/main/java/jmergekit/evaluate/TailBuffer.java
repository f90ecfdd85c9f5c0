package jmergekit.evaluate;

/// The last bytes of a stream.
final class TailBuffer {
    private final byte[] ring;
    private long total;

    TailBuffer(int capacity) {
        ring = new byte[capacity];
    }

    void add(byte[] bytes, int count) {
        int kept = Math.min(count, ring.length);
        int at = (int) ((total + count - kept) % ring.length);
        int before = Math.min(kept, ring.length - at);
        System.arraycopy(bytes, count - kept, ring, at, before);
        System.arraycopy(bytes, count - kept + before, ring, 0, kept - before);
        total += count;
    }

    /// The number of bytes written.
    long total() {
        return total;
    }

    /// The last bytes, limited to `most`.
    byte[] last(long most) {
        int count = (int) Math.min(most, Math.min(total, ring.length));
        int at = (int) ((total - count) % ring.length);
        int before = Math.min(count, ring.length - at);
        byte[] last = new byte[count];
        System.arraycopy(ring, at, last, 0, before);
        System.arraycopy(ring, 0, last, before, count - before);
        return last;
    }
}
