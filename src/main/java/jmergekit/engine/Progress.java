package jmergekit.engine;

/// Receives the progress of a run. Called from several threads.
public interface Progress {
    /// A tensor is finished.
    ///
    /// @param name of the output tensor
    /// @param bytes of its data
    void finished(String name, long bytes);

    /// A part of a tensor is finished; [#finished] follows when the whole tensor is. Large tensors
    /// take a long time, and several are in progress at once.
    ///
    /// @param bytes of its data
    default void made(long bytes) {}
}
