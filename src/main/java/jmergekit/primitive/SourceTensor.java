package jmergekit.primitive;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.tensor.DType;

/// One input of an output tensor, as a row-major sequence of elements.
public interface SourceTensor {
    long elements();

    /// The dtype it is stored in.
    DType dtype();

    /// Widens elements `from` to `from + n` to the front of `into`.
    void read(long from, int n, float[] into);

    /// The same, minus the elements of `base`.
    default void readDifference(long from, int n, float[] base, float[] into) {
        read(from, n, into);
        for (int i = 0; i < n; i++) {
            into[i] -= base[i];
        }
    }

    /// Adds `factor` times the differences from the elements of `base` to `sum`.
    default void addDifference(
            long from, int n, float[] base, float factor, float[] sum, float[] spare) {
        readDifference(from, n, base, spare);
        for (int i = 0; i < n; i++) {
            sum[i] += factor * spare[i];
        }
    }

    /// Statistics of the source's model about this tensor, if the plan has some; usually with
    /// another number of elements.
    default Optional<SourceTensor> statistics() {
        return Optional.empty();
    }

    /// The stored bytes, if the elements are stored contiguously and exactly as they are.
    Optional<MemorySegment> bytes();

    /// Whether the elements are exactly as stored, so that [#copy] can be called; false for
    /// computed elements.
    default boolean isStored() {
        return bytes().isPresent();
    }

    /// Copies the stored bytes of elements `from` to `from + n` to the front of `into`.
    default void copy(long from, int n, MemorySegment into) {
        long size = dtype().bytes();
        MemorySegment.copy(bytes().orElseThrow(), from * size, into, 0, n * size);
    }
}
