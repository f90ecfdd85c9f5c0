package jmergekit;

import jmergekit.engine.RunThreads;

/// How a plan is carried out. None of it changes the bytes of the tensors.
///
/// @param threads how many work at once
/// @param readThreads how many read inputs ahead of those; 1 suits a disk that rotates, and 0 reads nothing
///     ahead
/// @param device where to compute: `cpu`, `cuda`, `cuda:N`, `cuda:all`, or `auto`: a GPU if there is
///     one
/// @param overwrite whether a model that jmergekit wrote to the output folder before is replaced
/// @param resume whether finished shards of an earlier run are used, see [MergePlan#publish]
/// @param strict whether an output with more NaN and infinity than its inputs is refused
/// @param sync whether files are brought to the disk before they are put in place
/// @param report whether `report.html` is written beside the model card, see [MergePlan#write]
/// @param listener hears how far the run is, downloads of weights included; look-ups are told to that of
///     [ModelSettings] alone
/// @param cancellation stops it
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
    /// Checks that there is a thread.
    public RunSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads);
        }
        if (readThreads < 0) {
            throw new IllegalArgumentException("readThreads is " + readThreads);
        }
    }

    /// On the CPU, with a thread for each core.
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

    /// With so many threads.
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

    /// With so many threads that read ahead.
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

    /// On another device.
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

    /// Replacing an earlier model, if `value`.
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

    /// Going on from finished shards, if `value`.
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

    /// Refusing NaN and infinity that the inputs do not have, if `value`.
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

    /// Waiting for the disk, or not.
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

    /// Writing a report beside the model card, or not.
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

    /// With another listener.
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

    /// With a handle that stops the run.
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
