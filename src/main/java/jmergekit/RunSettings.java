package jmergekit;

import jmergekit.engine.RunThreads;

/// How a plan is run. No setting changes the bytes of the tensors.
///
/// @param threads the number of threads that merge
/// @param readThreads the number of threads that read inputs ahead; 1 suits a rotating disk, 0
///     disables reading ahead
/// @param device where to compute: `cpu`, `cuda`, `cuda:N`, `cuda:all`, or `auto`, which uses a GPU
///     if there is one
/// @param overwrite whether to replace a model that jmergekit wrote to the output folder before
/// @param resume whether to use finished shards of an earlier run, see [MergePlan#publish]
/// @param strict whether to refuse an output with more NaN and infinity than its inputs
/// @param sync whether to flush files to disk before they are published
/// @param report whether to write `report.html` next to the model card, see [MergePlan#write]
/// @param listener receives the progress of the run, including downloads of weights; look-ups are
///     reported only to the listener of [ModelSettings]
/// @param cancellation stops the run
public record RunSettings(
        int threads,
        int readThreads,
        String device,
        boolean overwrite,
        boolean resume,
        boolean strict,
        boolean sync,
        boolean report,
        Listener listener,
        Cancellation cancellation) {
    /// Checks the numbers of threads.
    public RunSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads);
        }
        if (readThreads < 0) {
            throw new IllegalArgumentException("readThreads is " + readThreads);
        }
    }

    /// The CPU, with one thread per core.
    public static RunSettings defaults() {
        return new RunSettings(
                Runtime.getRuntime().availableProcessors(),
                RunThreads.READERS,
                "cpu",
                false,
                false,
                false,
                true,
                false,
                Listener.NONE,
                new Cancellation());
    }

    /// A copy with this many threads.
    public RunSettings threads(int value) {
        return new RunSettings(
                value,
                readThreads,
                device,
                overwrite,
                resume,
                strict,
                sync,
                report,
                listener,
                cancellation);
    }

    /// A copy with this many threads that read ahead.
    public RunSettings readThreads(int value) {
        return new RunSettings(
                threads,
                value,
                device,
                overwrite,
                resume,
                strict,
                sync,
                report,
                listener,
                cancellation);
    }

    /// A copy with this device.
    public RunSettings device(String value) {
        return new RunSettings(
                threads,
                readThreads,
                value,
                overwrite,
                resume,
                strict,
                sync,
                report,
                listener,
                cancellation);
    }

    /// A copy that replaces an earlier model, if `value` is true.
    public RunSettings overwrite(boolean value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                value,
                resume,
                strict,
                sync,
                report,
                listener,
                cancellation);
    }

    /// A copy that resumes from finished shards, if `value` is true.
    public RunSettings resume(boolean value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                overwrite,
                value,
                strict,
                sync,
                report,
                listener,
                cancellation);
    }

    /// A copy that refuses NaN and infinity that the inputs do not have, if `value` is true.
    public RunSettings strict(boolean value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                overwrite,
                resume,
                value,
                sync,
                report,
                listener,
                cancellation);
    }

    /// A copy that flushes files to disk, or does not.
    public RunSettings sync(boolean value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                overwrite,
                resume,
                strict,
                value,
                report,
                listener,
                cancellation);
    }

    /// A copy that writes a report next to the model card, or does not.
    public RunSettings report(boolean value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                overwrite,
                resume,
                strict,
                sync,
                value,
                listener,
                cancellation);
    }

    /// A copy with this listener.
    public RunSettings listener(Listener value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                overwrite,
                resume,
                strict,
                sync,
                report,
                value,
                cancellation);
    }

    /// A copy whose runs this handle stops.
    public RunSettings cancellation(Cancellation value) {
        return new RunSettings(
                threads,
                readThreads,
                device,
                overwrite,
                resume,
                strict,
                sync,
                report,
                listener,
                value);
    }
}
