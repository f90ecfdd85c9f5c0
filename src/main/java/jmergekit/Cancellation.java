package jmergekit;

/// Stops runs from another thread: pass it to [RunSettings#cancellation(Cancellation)] and call
/// [#cancel]. The run then throws a [MergeCancelledException] and leaves nothing behind, except
/// that shards it resumed from are back in `OUTPUT.partial`. Merging stops within a second; a
/// download, or the forward pass for a mixture's gates, is finished first.
public final class Cancellation {
    private final jmergekit.threads.Cancellation inner = new jmergekit.threads.Cancellation();

    /// Cancels every run that uses this handle. May be called more than once.
    public void cancel() {
        inner.cancel();
    }

    /// Whether [#cancel] has been called.
    public boolean isCancelled() {
        return inner.isCancelled();
    }

    jmergekit.threads.Cancellation inner() {
        return inner;
    }
}
