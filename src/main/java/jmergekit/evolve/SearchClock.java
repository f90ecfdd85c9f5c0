package jmergekit.evolve;

import java.time.Duration;
import java.util.Optional;
import jmergekit.Cancellation;

/// Decides when a search starts no more candidates.
///
/// @param begun start time in terms of [System#nanoTime]
/// @param time limit for the search
record SearchClock(long begun, Optional<Duration> time, Cancellation cancellation) {
    boolean isOver() {
        return cancellation.isCancelled()
                || time.isPresent() && System.nanoTime() - begun > time.get().toNanos();
    }
}
