package jmergekit.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;

/// How fast something goes: the mean of its last half minute, since tensors end in bursts and the
/// first ones wait for the disk and the compiler. Not thread-safe.
final class Pace {
    private static final long WINDOW = 30_000_000_000L;
    private static final long LEAST = 2_000_000_000L;
    private static final long EARLY = 3_000_000_000L;
    private static final long LATE = 20_000_000_000L;

    private final long total;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long nanos;
    private long done;

    private record Sample(long nanos, long done) {}

    /// @param total bytes of all of it
    Pace(long total) {
        this.total = total;
        samples.add(new Sample(0, 0));
    }

    /// @param nanos since the start
    /// @param done bytes by then
    void note(long nanos, long done) {
        this.nanos = nanos;
        this.done = done;
        samples.addLast(new Sample(nanos, done));
        // The first one kept is the last that is older than the window.
        while (samples.size() > 2 && second().nanos() <= nanos - WINDOW) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    /// Bytes a second; empty until there is something to tell it from: the first tensors that end are
    /// often the smallest.
    OptionalDouble speed() {
        Sample first = samples.getFirst();
        long time = nanos - first.nanos();
        return time < LEAST || done <= first.done() || done < total / 500
                ? OptionalDouble.empty()
                : OptionalDouble.of((done - first.done()) * 1e9 / time);
    }

    /// How long the rest takes; empty while a guess would be far off.
    Optional<Duration> left() {
        boolean known = nanos >= (done >= total / 50 ? EARLY : LATE);
        return known && speed().isPresent()
                ? Optional.of(
                        Duration.ofSeconds(Math.round((total - done) / speed().getAsDouble())))
                : Optional.empty();
    }
}
