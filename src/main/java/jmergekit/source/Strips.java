package jmergekit.source;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

/// Strips of rows of a matrix that are made when they are read, and kept until the memory is needed
/// for others. As many are kept as threads read at the same time.
///
/// @param <V> the values of a strip
final class Strips<V> {
    private final Supplier<V> memory;
    private final ObjLongConsumer<V> fill;
    private final ConcurrentLinkedDeque<Strip<V>> free = new ConcurrentLinkedDeque<>();

    /// @param memory for the values of one strip
    /// @param fill makes the values of the strip with a number
    Strips(Supplier<V> memory, ObjLongConsumer<V> fill) {
        this.memory = memory;
        this.fill = fill;
    }

    /// One strip.
    ///
    /// @param index which one
    record Strip<V>(long index, V values) {}

    /// A strip for the calling thread alone, until it is given back.
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
