package jmergekit.evolve;

import java.time.Duration;
import java.util.Optional;
import jmergekit.Cancellation;

/// When a search begins no more candidates.
///
/// @param begun as [System#nanoTime] had it
/// @param time that it may take
record SearchClock(long begun, Optional<Duration> time, Cancellation cancellation) {
    boolean isOver() {
        return cancellation.isCancelled()
                || time.isPresent() && System.nanoTime() - begun > time.get().toNanos();
    }
}
