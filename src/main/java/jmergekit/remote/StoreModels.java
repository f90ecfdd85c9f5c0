package jmergekit.remote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Destinations;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.s3.Stores;
import jmergekit.threads.TransferPool;
import jmergekit.weights.WeightFolder;
import org.jspecify.annotations.Nullable;

/// The read access to models in stores. No request is sent and no folder is made before the first
/// model is opened. Thread-safe.
public final class StoreModels implements AutoCloseable {
    /// The number of parallel transfers of a whole run: a request waits tens of milliseconds, and
    /// one connection uses only part of the network's bandwidth.
    private static final int TRANSFERS = 16;

    /// The size of one request: what a connection receives in about the time that it waits for a
    /// response.
    private static final long BLOCK = 8L << 20;

    private final Stores stores;
    private final Supplier<CacheSettings> settings;
    private final LongAdder received = new LongAdder();
    private final Map<Key, StoredModel> models = new HashMap<>();
    private RemoteObject.@Nullable Session session;
    private boolean closed;

    /// The place of the models before this was closed.
    private @Nullable Path removed;

    private record Key(ObjectPath model, boolean wholeWeights) {}

    /// @param stores closed together with this
    /// @param environment variables that name the cache
    /// @param workingDirectory the base of relative folders
    public StoreModels(Stores stores, Map<String, String> environment, Path workingDirectory) {
        this(stores, () -> CacheSettings.of(environment, workingDirectory));
    }

    StoreModels(Stores stores, Supplier<CacheSettings> settings) {
        this.stores = stores;
        this.settings = settings;
    }

    /// The models of the store that the environment variables name.
    public static StoreModels of(Map<String, String> environment, Path workingDirectory) {
        return new StoreModels(Stores.of(environment), environment, workingDirectory);
    }

    private RemoteObject.Session session() {
        // A folder made now would stay, since nobody would remove it.
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        RemoteObject.Session current = session;
        if (current == null) {
            CacheSettings cache = settings.get();
            current =
                    new RemoteObject.Session(
                            stores.store(),
                            RunCache.create(cache.folder()),
                            new BlockBudget(cache.bytes()),
                            new TransferPool(TRANSFERS),
                            BLOCK,
                            received);
            session = current;
        }
        return current;
    }

    /// Lists a model, and fetches its small files. Its weights are not fetched: their bytes are
    /// read on demand.
    ///
    /// @param wholeWeights whether whole weight files may be fetched if their format lists the
    ///     tensors only at the end of a file
    /// @param where the name of the model in messages
    /// @param problems receives warnings
    /// @throws MergeException if the model does not exist, or cannot be fetched
    public synchronized WeightFolder open(
            ObjectPath path, boolean wholeWeights, String where, Problems problems) {
        Key key = new Key(path, wholeWeights);
        StoredModel known = models.get(key);
        if (known == null) {
            known = opened(path, wholeWeights, where, problems);
            models.put(key, known);
        }
        return known;
    }

    private StoredModel opened(
            ObjectPath path, boolean wholeWeights, String where, Problems problems) {
        List<ObjectStore.Found> found = safe(stores.store().list(path), where, problems);
        if (found.isEmpty()) {
            throw nothing(path, where);
        }
        Path folder = session().cache().folderOf(path);
        StoredModel model = new StoredModel(session(), path, folder, found, wholeWeights);
        model.fill();
        return model;
    }

    private static List<ObjectStore.Found> safe(
            List<ObjectStore.Found> found, String where, Problems problems) {
        List<ObjectStore.Found> safe = new ArrayList<>();
        List<String> unsafe = new ArrayList<>();
        for (ObjectStore.Found each : found) {
            // Consoles make objects whose names end with a slash, to display folders.
            boolean isFolder = each.name().isEmpty() || each.name().endsWith("/");
            if (ObjectPath.isSafe(each.name()) && each.size() >= 0) {
                safe.add(each);
            } else if (!isFolder) {
                unsafe.add(each.name());
            }
        }
        if (!unsafe.isEmpty()) {
            problems.add(
                    Problem.input(
                                    where,
                                    "holds objects whose paths could lead out of its folder;"
                                            + " ignored")
                            .found("'" + unsafe.getFirst() + "'")
                            .asWarning());
        }
        return safe;
    }

    private MergeException nothing(ObjectPath path, String where) {
        if (!path.key().isEmpty() && stores.store().find(path).isPresent()) {
            return new MergeException(
                    Problem.input(where, "is an object, not the folder of a model")
                            .hint("name the part of its key before the last slash"));
        }
        return new MergeException(
                Problem.input(where, "the store has no objects there")
                        .hint("check the bucket and the path"));
    }

    /// The destinations of the run's outputs. An output for a store is assembled in the run's
    /// cache.
    public Destinations destinations() {
        return new Destinations(stores, this::staging, this::origin);
    }

    private synchronized Optional<ObjectPath> origin(Path path) {
        return session == null ? Optional.empty() : session.cache().origin(path);
    }

    private synchronized Path staging() {
        return session().cache().newFolder();
    }

    /// Checks that files exist, if they belong to models in stores.
    ///
    /// @throws IllegalStateException if this was closed, which removed the files
    public synchronized void require(Set<Path> files) {
        Path gone = removed;
        if (gone != null && files.stream().anyMatch(f -> f.startsWith(gone))) {
            throw new IllegalStateException("the session is closed");
        }
    }

    /// The bytes received from the store so far.
    public long received() {
        return received.sum();
    }

    /// Removes what the run has stored of the models.
    @Override
    public synchronized void close() {
        closed = true;
        try (stores) {
            RemoteObject.Session open = session;
            session = null;
            models.clear();
            if (open != null) {
                removed = open.cache().models();
                open.transfers().close();
                open.cache().close();
            }
        }
    }
}
