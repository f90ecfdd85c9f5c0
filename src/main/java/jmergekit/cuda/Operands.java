package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The parameters of a chunk's sources for kernels: `Operand` in `kernels.cu`.
final class Operands {
    static final int KEEP_ALL = 0;
    static final int KEEP_NONE = 1;
    static final int KEEP_BYTES = 2;
    static final int KEEP_DRAWN = 3;

    private static final long SIZE = 48;
    private static final long KEPT = 8;
    private static final long KEY = 16;
    private static final long TYPE = 24;
    private static final long MASK = 28;
    private static final long LIMIT = 32;
    private static final long FIRST = 36;
    private static final long SECOND = 40;

    private final MemorySegment bytes;

    Operands(int count) {
        bytes = MemorySegment.ofArray(new long[Math.toIntExact(count * SIZE / Long.BYTES)]);
    }

    /// The address and dtype of a source's elements of the chunk.
    Operands data(int source, long data, int type) {
        bytes.set(ValueLayout.JAVA_LONG, source * SIZE, data);
        bytes.set(ValueLayout.JAVA_INT, source * SIZE + TYPE, type);
        return this;
    }

    /// The kernel's first and second factor for a source.
    Operands factors(int source, float first, float second) {
        bytes.set(ValueLayout.JAVA_FLOAT, source * SIZE + FIRST, first);
        bytes.set(ValueLayout.JAVA_FLOAT, source * SIZE + SECOND, second);
        return this;
    }

    /// Keeps everything or nothing.
    Operands mask(int source, int kind) {
        bytes.set(ValueLayout.JAVA_INT, source * SIZE + MASK, kind);
        return this;
    }

    /// Keeps the elements whose byte at `kept` is not 0.
    Operands kept(int source, long kept) {
        bytes.set(ValueLayout.JAVA_LONG, source * SIZE + KEPT, kept);
        return mask(source, KEEP_BYTES);
    }

    /// Keeps the elements whose draw is below `limit`, unsigned.
    Operands bernoulli(int source, long key, int limit) {
        bytes.set(ValueLayout.JAVA_LONG, source * SIZE + KEY, key);
        bytes.set(ValueLayout.JAVA_INT, source * SIZE + LIMIT, limit);
        return mask(source, KEEP_DRAWN);
    }

    MemorySegment bytes() {
        return bytes;
    }
}
