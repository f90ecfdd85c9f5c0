package jmergekit;

import org.slf4j.LoggerFactory;

/// Hears what a session and its runs do. Called from several threads, which wait for it: an
/// exception thrown here ends the run. It may ask the plan, and must not wait for another run of it.
public interface Listener {
    /// Hears nothing; warnings go to the log.
    Listener NONE = new Listener() {};

    /// Something worth telling, such as what is looked up on the hub.
    default void note(String line) {}

    /// Something odd that is no reason to stop. Unless this is overridden it is logged.
    default void warning(MergeProblem problem) {
        LoggerFactory.getLogger(Listener.class).warn("{}", problem);
    }

    /// Files are about to be downloaded.
    default void downloading(int files, long bytes) {}

    /// Bytes came; negative if some have to come again.
    default void downloaded(long bytes) {}

    /// Tensors are about to be made.
    ///
    /// @param bytes of their data
    default void merging(int tensors, long bytes) {}

    /// A part of a tensor is made. Called often; [#merged] follows when all of the tensor is.
    ///
    /// @param bytes of the part
    default void made(long bytes) {}

    /// A tensor is finished.
    ///
    /// @param bytes of its data
    default void merged(String tensor, long bytes) {}
}
