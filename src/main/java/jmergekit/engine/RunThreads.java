package jmergekit.engine;

/// The threads of a run. The output does not depend on how many there are.
///
/// @param workers that compute and write, at least one
/// @param readers that bring input files into memory ahead of them; none with 0
public record RunThreads(int workers, int readers) {
    /// Readers where nobody says otherwise: as many reads under way as a solid-state disk or a network
    /// needs to be busy, and few enough for one that rotates.
    public static final int READERS = 4;

    public RunThreads {
        if (workers < 1 || readers < 0) {
            throw new IllegalArgumentException(workers + " workers, " + readers + " readers");
        }
    }

    /// With so many workers.
    public static RunThreads of(int workers) {
        return new RunThreads(workers, READERS);
    }
}
