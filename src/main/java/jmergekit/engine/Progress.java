package jmergekit.engine;

/// Hears how far a run is. Called from several threads.
public interface Progress {
    /// A tensor is finished.
    ///
    /// @param name of the output tensor
    /// @param bytes of its data
    void finished(String name, long bytes);

    /// A part of a tensor is made, of which [#finished] tells again when all of it is. Large tensors
    /// take long, and several are under way at a time.
    ///
    /// @param bytes of its data
    default void made(long bytes) {}
}
