package jmergekit.engine;

/// Hears how far a run is. Called from several threads.
public interface Progress {
    /// A tensor is finished.
    ///
    /// @param name of the output tensor
    /// @param bytes of its data
    void finished(String name, long bytes);
}
