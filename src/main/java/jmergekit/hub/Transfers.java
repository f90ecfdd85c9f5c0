package jmergekit.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import jmergekit.problem.MergeException;
import jmergekit.threads.Jobs;
import org.jspecify.annotations.Nullable;

/// Transfers that run in parallel. When one fails the others stop soon: their partial results are
/// kept for the next run.
final class Transfers {
    private final List<Runnable> transfers = new ArrayList<>();
    private final AtomicReference<@Nullable MergeException> failure = new AtomicReference<>();

    /// Whether running transfers should give up.
    boolean stopped() {
        return failure.get() != null;
    }

    void add(Runnable transfer) {
        transfers.add(() -> {
            if (stopped()) {
                return;
            }
            try {
                transfer.run();
            } catch (MergeException e) {
                failure.compareAndSet(null, e);
            } catch (CancellationException e) {
                // Another transfer failed, and reports the cause.
            }
        });
    }

    /// @throws MergeException the first failure
    void runAll(Jobs jobs) {
        jobs.runAll(transfers);
        MergeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
