package jmergekit;

/// How a plan is carried out. None of it changes the bytes of the tensors.
///
/// @param threads how many work at once
/// @param device where to compute: `cpu`, `cuda`, `cuda:N`, `cuda:all`, or `auto`: a GPU if there is
///     one
/// @param overwrite whether a model that jmergekit wrote to the output folder before is replaced
/// @param resume whether finished shards of an earlier run are used, see [MergePlan#publish]
/// @param strict whether an output with more NaN and infinity than its inputs is refused
/// @param sync whether files are brought to the disk before they are put in place
/// @param listener hears how far the run is, downloads of weights included; look-ups are told to that of
///     [ModelSettings] alone
/// @param cancellation stops it
public record RunSettings(
        int threads,
        String device,
        boolean overwrite,
        boolean resume,
        boolean strict,
        boolean sync,
        Listener listener,
        Cancellation cancellation) {
    /// Checks that there is a thread.
    public RunSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads);
        }
    }

    /// On the CPU, with a thread for each core.
    public static RunSettings defaults() {
        return new RunSettings(
                Runtime.getRuntime().availableProcessors(),
                "cpu",
                false,
                false,
                false,
                true,
                Listener.NONE,
                new Cancellation());
    }

    /// With so many threads.
    public RunSettings threads(int value) {
        return new RunSettings(
                value, device, overwrite, resume, strict, sync, listener, cancellation);
    }

    /// On another device.
    public RunSettings device(String value) {
        return new RunSettings(
                threads, value, overwrite, resume, strict, sync, listener, cancellation);
    }

    /// Replacing an earlier model, if `value`.
    public RunSettings overwrite(boolean value) {
        return new RunSettings(
                threads, device, value, resume, strict, sync, listener, cancellation);
    }

    /// Going on from finished shards, if `value`.
    public RunSettings resume(boolean value) {
        return new RunSettings(
                threads, device, overwrite, value, strict, sync, listener, cancellation);
    }

    /// Refusing NaN and infinity that the inputs do not have, if `value`.
    public RunSettings strict(boolean value) {
        return new RunSettings(
                threads, device, overwrite, resume, value, sync, listener, cancellation);
    }

    /// Waiting for the disk, or not.
    public RunSettings sync(boolean value) {
        return new RunSettings(
                threads, device, overwrite, resume, strict, value, listener, cancellation);
    }

    /// With another listener.
    public RunSettings listener(Listener value) {
        return new RunSettings(
                threads, device, overwrite, resume, strict, sync, value, cancellation);
    }

    /// With a handle that stops the run.
    public RunSettings cancellation(Cancellation value) {
        return new RunSettings(threads, device, overwrite, resume, strict, sync, listener, value);
    }
}
