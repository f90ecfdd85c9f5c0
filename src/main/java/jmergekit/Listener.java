package jmergekit;

import org.slf4j.LoggerFactory;

/// Receives the events of a session and its runs. It is called from several threads, which wait for
/// it to return; an exception thrown here ends the run. It may query the plan, but must not wait
/// for another run of the same plan.
public interface Listener {
    /// Ignores all events; warnings go to the log.
    Listener NONE = new Listener() {};

    /// An informational message, such as what is being looked up on the hub.
    default void note(String line) {}

    /// Something unusual that does not stop the run. Logged by default.
    default void warning(MergeProblem problem) {
        LoggerFactory.getLogger(Listener.class).warn("{}", problem);
    }

    /// Files are about to be downloaded.
    default void downloading(int files, long bytes) {}

    /// Bytes were downloaded; negative if some have to be downloaded again.
    default void downloaded(long bytes) {}

    /// Tensors are about to be made.
    ///
    /// @param bytes of their data
    default void merging(int tensors, long bytes) {}

    /// A part of a tensor is finished. Called often; [#merged] follows when the whole tensor is.
    ///
    /// @param bytes of the part
    default void made(long bytes) {}

    /// A tensor is finished.
    ///
    /// @param bytes of its data
    default void merged(String tensor, long bytes) {}
}
