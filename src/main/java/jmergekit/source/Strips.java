package jmergekit.source;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/// Strips of rows of a matrix that are computed when they are read, and kept until their memory is
/// needed for others. The number of strips kept is the number of threads that read at the same
/// time.
///
/// @param <V> the values of a strip
final class Strips<V> {
    private final Supplier<V> memory;
    private final ObjLongConsumer<V> fill;
    private final ConcurrentLinkedDeque<Strip<V>> free = new ConcurrentLinkedDeque<>();

    /// @param memory allocates the values of one strip
    /// @param fill computes the values of the strip with a given index
    Strips(Supplier<V> memory, ObjLongConsumer<V> fill) {
        this.memory = memory;
        this.fill = fill;
    }

    /// A strip.
    ///
    /// @param index of the strip
    record Strip<V>(long index, V values) {}

    /// A strip for exclusive use by the calling thread, until it is returned.
    Strip<V> take(long index) {
        for (Strip<V> strip : free) {
            if (strip.index() == index && free.remove(strip)) {
                return strip;
            }
        }
        Strip<V> other = free.pollLast();
        V values = other == null ? memory.get() : other.values();
        fill.accept(values, index);
        return new Strip<>(index, values);
    }

    void give(Strip<V> strip) {
        free.push(strip);
    }
}
