package jmergekit;

/// Stops runs from another thread: give it to [RunSettings#cancellation(Cancellation)] and call
/// [#cancel]. The run then throws a [MergeCancelledException] and leaves nothing behind; shards that
/// it went on from are in `OUTPUT.partial` again. Merging stops within a second; a download, or the
/// forward pass of a mixture's gates, is finished first.
public final class Cancellation {
    private final jmergekit.threads.Cancellation inner = new jmergekit.threads.Cancellation();

    /// Asks for the end of every run that has this. May be called more than once.
    public void cancel() {
        inner.cancel();
    }

    /// Whether [#cancel] was called.
    public boolean isCancelled() {
        return inner.isCancelled();
    }

    jmergekit.threads.Cancellation inner() {
        return inner;
    }
}
