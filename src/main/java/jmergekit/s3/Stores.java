package jmergekit.s3;

import java.util.Map;
import java.util.function.Supplier;
import jmergekit.threads.Jobs;
import jmergekit.threads.TransferThreads;
import org.jspecify.annotations.Nullable;

/// The store that a run may use. Created at its first use: most runs need none, and the SDK takes a
/// second to start.
public final class Stores implements AutoCloseable {
    private final Supplier<ObjectStore> maker;
    private @Nullable ObjectStore store;
    private boolean closed;

    /// @param maker creates the store when it is first needed
    public Stores(Supplier<ObjectStore> maker) {
        this.maker = maker;
    }

    /// The store that the environment variables name, as Amazon's own tools read them.
    public static Stores of(Map<String, String> environment) {
        return of(environment, new TransferThreads());
    }

    private static Stores of(Map<String, String> environment, Jobs jobs) {
        return new Stores(() -> AwsStore.of(StoreSettings.of(environment), jobs));
    }

    /// @throws jmergekit.problem.MergeException if the environment variables are invalid
    /// @throws IllegalStateException if this was closed
    public synchronized ObjectStore store() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        if (store == null) {
            store = maker.get();
        }
        return store;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (store != null) {
            store.close();
        }
    }
}
