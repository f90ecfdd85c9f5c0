package jmergekit.bench;

import java.util.Optional;

/// The maximum time of a merge of files that are not in the page cache.
///
/// @param factor relative to the reference time
/// @param cached whether the reference is the same merge of cached files, instead of a parallel
///     read
record ColdTarget(double factor, boolean cached) {
    private static final ColdTarget BUSY = new ColdTarget(2, false);

    /// @param busy whether another process uses the disk at the same time
    static Optional<ColdTarget> of(Scenario scenario, boolean busy) {
        Optional<ColdTarget> quiet =
                switch (scenario.name()) {
                    case "linear", "passthrough" -> Optional.of(new ColdTarget(1.5, false));
                    case "slerp", "task_arithmetic" -> Optional.of(new ColdTarget(1.7, false));
                    case "ties" -> Optional.of(new ColdTarget(1.1, true));
                    default -> Optional.empty();
                };
        return busy ? quiet.map(_ -> BUSY) : quiet;
    }

    boolean met(double ratio) {
        return ratio <= factor;
    }

    @Override
    public String toString() {
        return "%.1f×%s".formatted(factor, cached ? " cached" : " read");
    }
}
