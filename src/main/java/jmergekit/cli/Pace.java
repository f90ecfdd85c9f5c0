package jmergekit.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;

/// Estimates speed and time left, mostly from the last half of the elapsed time, since the start
/// waits for the disk and the compiler, and partly from all of it, since large tensors come in
/// bursts. Not thread-safe.
final class Pace {
    private static final long SECOND = 1_000_000_000L;

    /// The recent window: half of the elapsed time, within these limits.
    private static final long LEAST_WINDOW = 3 * SECOND;

    private static final long MOST_WINDOW = 180 * SECOND;

    /// The weight of the recent pace, tuned on recorded merges that took seconds to minutes.
    private static final double RECENT = 0.7;

    /// The time before the first byte counts as start-up up to this limit, and beyond it as work.
    private static final long START = 3 * SECOND / 2;

    private static final long LEAST = 2 * SECOND;
    private static final long EARLY = 3 * SECOND;
    private static final long LATE = 20 * SECOND;

    private final long total;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Sample begin = new Sample(0, 0);
    private Sample now = begin;

    private record Sample(long nanos, long done) {
        /// Nanoseconds per byte since then.
        double costSince(Sample earlier) {
            return (double) (nanos - earlier.nanos) / (done - earlier.done);
        }
    }

    /// @param total bytes in total
    Pace(long total) {
        this.total = total;
        samples.add(begin);
    }

    /// Records the progress of the work.
    ///
    /// @param nanos since the start
    /// @param done bytes so far
    void note(long nanos, long done) {
        if (now.done() == 0 && done > 0) {
            begin = new Sample(Math.min(now.nanos(), START), 0);
            samples.clear();
            samples.add(begin);
        }
        now = new Sample(nanos, done);
        samples.addLast(now);
        long window = Math.clamp(nanos / 2, LEAST_WINDOW, MOST_WINDOW);
        // Keeps one sample older than the window.
        while (samples.size() > 2 && second().nanos() <= nanos - window) {
            samples.removeFirst();
        }
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    /// The recent speed in bytes per second; empty at the start, since the first tensors to finish
    /// are often the smallest.
    OptionalDouble speed() {
        Sample first = samples.getFirst();
        return now.nanos() - first.nanos() < Math.min(LEAST, now.nanos() / 3)
                        || now.nanos() < LEAST
                        || now.done() <= first.done()
                        || now.done() < total / 500
                ? OptionalDouble.empty()
                : OptionalDouble.of(SECOND / now.costSince(first));
    }

    /// The time left; empty while an estimate would be unreliable.
    Optional<Duration> left() {
        boolean known = now.nanos() >= (now.done() >= total / 50 ? EARLY : LATE);
        if (!known || speed().isEmpty()) {
            return Optional.empty();
        }
        double recent = now.costSince(samples.getFirst());
        double overall = now.costSince(begin);
        double cost = RECENT * recent + (1 - RECENT) * overall;
        return Optional.of(Duration.ofSeconds(Math.round((total - now.done()) * cost / SECOND)));
    }
}
