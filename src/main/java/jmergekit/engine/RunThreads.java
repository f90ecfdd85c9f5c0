package jmergekit.engine;

/// The threads of a run. The output does not depend on their number.
///
/// @param workers that compute and write, at least one
/// @param readers that load input files into memory ahead of the workers; 0 for none
public record RunThreads(int workers, int readers) {
    /// The default number of readers: enough concurrent reads to keep a solid-state disk or a
    /// network busy, and few enough for a rotating disk.
    public static final int READERS = 4;

    public RunThreads {
        if (workers < 1 || readers < 0) {
            throw new IllegalArgumentException(workers + " workers, " + readers + " readers");
        }
    }

    /// With this many workers.
    public static RunThreads of(int workers) {
        return new RunThreads(workers, READERS);
    }
}
